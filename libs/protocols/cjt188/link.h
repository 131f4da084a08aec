// CJ/T 188-2004/2018 link layer: one frame's bytes and its header.
//
//   68 T A0…A6 C L DATA(L) CS 16      CS = sum of all bytes before it, mod 256
//   DATA = DI(2) SER(1) payload; an error reply carries SER and status only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/cjt188/profile.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::cjt188 {

inline constexpr size_t kHeaderSize = 11;
inline constexpr size_t kMinFrame = 13;
inline constexpr size_t kMaxData = 0x64;  // 2004 and 2018: reads; writes at most 0x32
inline constexpr size_t kMaxFrame = kMinFrame + kMaxData;

// The seven bytes A6…A0, two hex digits each: vendor codes hold more than decimal ones. Sent A0
// first.
struct Address {
  static constexpr size_t kSize = 7;
  uint64_t digits = 0;

  // 14 hex digits (either case), most significant first. False: not such a text.
  static bool Parse(std::string_view text, Address& out);
  void Write(FixedText<40>& out) const;  // upper case
  bool IsWildcard() const;               // AA × 7, point-to-point lines only
  friend bool operator==(const Address&, const Address&) = default;
};

struct Header {
  uint8_t meter_type = 0x10;
  Address address;
  uint8_t control = 0;
  uint8_t length = 0;  // of DATA
};

// Finds frames: `Framer<cjt188::Probe>`. A length above 64H is refused at once, so the dialect
// with a five-byte address cannot stall a line.
struct Probe {
  static constexpr size_t kMaxFrame = cjt188::kMaxFrame;
  Candidate operator()(Bytes data) const;
};

// `frame` is exactly one frame from 68 to 16. Checks start, length, end and checksum, in this
// order, and says which fails; `data` then views DATA.
[[nodiscard]] Error ParseLink(Bytes frame, Header& header, Bytes& data);

// Writes wake-up bytes and frame; header.length is taken from `data`.
struct Written {
  Error error;
  size_t size = 0;
};
[[nodiscard]] Written WriteLink(const Header& header, Bytes data, size_t wake_up_bytes,
                                std::span<std::byte> out);

}  // namespace karez::protocols::cjt188
