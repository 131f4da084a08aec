// Explains bytes to people: every field of a frame with its place, or exactly what is wrong with
// it, as JSON text. Behind `frame-decode` and the decode page; allocates, never for the hot path.
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/fixed.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

struct Description {
  bool valid = false;  // a frame was found; its content may still be unsupported
  std::string json;    // one object; names are listed in libs/protocols/README.md
};

// Finds the first frame of the profile's protocol in `bytes` and explains it. More frames behind
// it appear under "next". Without a frame: the candidate that came furthest, and why it failed.
Description DescribeFrame(const MeterProfile& profile, Bytes bytes);

// The same for the acknowledged terminal envelope; meter frames in a data message are explained by
// `profile` under "frames".
Description DescribeEnvelope(const MeterProfile& profile, Bytes bytes);

// Hex digits, either case; spaces, line breaks, ':', '-' and ',' between bytes are skipped. False:
// another character, or half a byte.
bool ParseHex(std::string_view text, std::vector<std::byte>& out);

}  // namespace karez::protocols
