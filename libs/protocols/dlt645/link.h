// DL/T 645-1997/2007 link layer: one frame's bytes, its header, and the data without their offset.
//
//   68 A0…A5 68 C L DATA(L) CS 16      CS = sum of all bytes before it, mod 256
// Every DATA byte is sent with 33H added, mod 256; the sum is of the bytes as sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::dlt645 {

inline constexpr size_t kHeaderSize = 10;
inline constexpr size_t kMinFrame = 12;
inline constexpr size_t kMaxData = 200;      // of reading
inline constexpr size_t kMaxWriteData = 50;  // of a request that writes
inline constexpr size_t kMaxFrame = kMinFrame + kMaxData;

// The six bytes A5…A0, two digits each; sent A0 first. AA in the high bytes is a wildcard, which
// some meters repeat in their answer; 99 × 6 speaks to all and is not answered.
struct Address {
  static constexpr size_t kSize = 6;
  uint64_t digits = 0;

  // 12 hex digits (either case), most significant first. False: not such a text.
  static bool Parse(std::string_view text, Address& out);
  void Write(FixedText<40>& out) const;  // upper case
  bool HasWildcard() const;
  bool IsBroadcast() const;
  friend bool operator==(const Address&, const Address&) = default;
};

struct Header {
  Address address;
  uint8_t control = 0;
  uint8_t length = 0;  // of DATA
};

// Finds frames: `Framer<dlt645::Probe>`. A length above 200 is refused at once.
struct Probe {
  static constexpr size_t kMaxFrame = dlt645::kMaxFrame;
  Candidate operator()(Bytes data) const;
};

// `frame` is exactly one frame, from 68 to 16. Checks starts, length, end and checksum, in this
// order, and says which fails; `sent` then views DATA as sent, with 33H.
[[nodiscard]] Error ParseLink(Bytes frame, Header& header, Bytes& sent);

// `out` has room for as many bytes as `sent`. Undoes the offset.
void TakeOffset(Bytes sent, std::byte* out);

struct Written {
  Error error;
  size_t size = 0;
};
// Writes wake-up bytes and frame. `data` is without the offset; header.length is taken from it.
[[nodiscard]] Written WriteLink(const Header& header, Bytes data, size_t wake_up_bytes,
                                std::span<std::byte> out);

}  // namespace karez::protocols::dlt645
