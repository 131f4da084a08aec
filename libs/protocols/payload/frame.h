// The frame that a vendor puts around its layouts (layout.h). Internal to this codec.
#pragma once

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/payload/layout.h"

namespace karez::protocols::payload {

// From the start byte to the end byte. kStart, kShort, kLength (`expected`: as the frame tells),
// kEnd, kChecksum.
Error FindFrame(Bytes bytes, const Frame& spec, Bytes& out);

// Fills start, length, CRC and end into bytes that hold all the rest.
void CloseFrame(const Frame& spec, std::span<std::byte> out);

}  // namespace karez::protocols::payload
