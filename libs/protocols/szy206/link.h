// SZY 206-2016 (water resources telemetry), link layer.
//
//   68 L 68 | C [DIVS] A(5) AFN data | CRC 16
//
// L counts C … data. CRC-8, polynomial E5, start 00, over the same bytes. A picture (AFN 61) is
// longer than L can tell: L is 01, and the data begin with their length (2, low byte first). Every
// statement here rests on one public implementation whose frames were recomputed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::szy206 {

inline constexpr size_t kMinUserData = 7;  // C A AFN
inline constexpr size_t kMaxUserData = 255;
inline constexpr size_t kMaxPicture = 4096;  // seen: 1024
inline constexpr size_t kMaxFrame = kMaxPicture + 5 + kMinUserData + 3;

struct Header {
  bool up = true;           // C D7: from the terminal
  bool divided = false;     // C D6: one of several frames, DIVS follows
  uint8_t frame_count = 3;  // C D5…D4
  uint8_t kind = 0;         // C D3…D0, see message.h
  uint8_t divs = 0;         // frames still to come; meaningful when `divided`
  std::array<uint8_t, 5>
      address{};         // as sent: administrative code (3 BCD), terminal (2, low first)
  uint8_t function = 0;  // AFN
  bool picture = false;  // L is 01

  uint8_t Control() const;
  // Ten hex digits as sent.
  FixedText<40> Address() const;
  // From C to the data.
  size_t Size() const { return kMinUserData + (divided ? 1u : 0u) + (picture ? 2u : 0u); }
  friend bool operator==(const Header&, const Header&) = default;
};

uint8_t Crc(Bytes bytes);

struct Probe {
  static constexpr size_t kMaxFrame = szy206::kMaxFrame;
  Candidate operator()(Bytes data) const;
};

// `frame` is exactly one frame; `data` is what stands between AFN (and a picture's length) and CRC.
[[nodiscard]] Error ParseLink(Bytes frame, Header& header, Bytes& data);

struct Written {
  Error error;
  size_t size = 0;
};
[[nodiscard]] Written WriteLink(const Header& header, Bytes data, std::span<std::byte> out);

}  // namespace karez::protocols::szy206
