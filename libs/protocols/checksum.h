// The plain sum that line protocols close their frames with (CJ/T 188, DL/T 645, M-Bus). Internal
// to the codecs.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "libs/protocols/fixed.h"

namespace karez::protocols {

// Sum of all bytes mod 256. Eight at a time, in lanes of 16 bits: at most 1,028 bytes, four times
// what such a frame has.
inline uint8_t Sum8(Bytes bytes) {
  constexpr uint64_t kLanes = 0x00FF00FF00FF00FFu;
  const auto lanes_at = [&bytes](size_t at, size_t known) {  // without the `known` first bytes
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    if constexpr (std::endian::native == std::endian::little) {
      word >>= 8 * known;
    } else {
      word <<= 8 * known;
    }
    return (word & kLanes) + (word >> 8 & kLanes);
  };
  uint64_t lanes = 0;
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) lanes += lanes_at(at, 0);
  if (at == 0) {
    for (const std::byte b : bytes) lanes += std::to_integer<uint64_t>(b);
  } else if (at != bytes.size()) {
    lanes += lanes_at(bytes.size() - 8, at + 8 - bytes.size());
  }
  return static_cast<uint8_t>((lanes + (lanes >> 16) + (lanes >> 32) + (lanes >> 48)) & 0xFF);
}

}  // namespace karez::protocols
