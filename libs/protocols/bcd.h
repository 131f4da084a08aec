// Packed binary-coded decimal, low byte first. Internal to the codecs.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "libs/protocols/fixed.h"

namespace karez::protocols {

// Value of up to 8 bytes (of more: the first 8), least significant first, as one hexadecimal
// number.
inline uint64_t LoadLowFirst(Bytes bytes) {
  const size_t size = std::min<size_t>(bytes.size(), 8);
  if constexpr (std::endian::native == std::endian::little) {
    // Two loads that overlap in place of a loop.
    if (size >= 4) {
      uint32_t low = 0;
      uint32_t high = 0;
      std::memcpy(&low, bytes.data(), 4);
      std::memcpy(&high, bytes.data() + size - 4, 4);
      return low | uint64_t{high} << 8 * (size - 4);
    }
    if (size >= 2) {
      uint16_t low = 0;
      uint16_t high = 0;
      std::memcpy(&low, bytes.data(), 2);
      std::memcpy(&high, bytes.data() + size - 2, 2);
      return low | uint64_t{high} << 8 * (size - 2);
    }
  }
  uint64_t value = 0;
  for (size_t i = size; i > 0; --i) {
    value = value << 8 | std::to_integer<uint64_t>(bytes[i - 1]);
  }
  return value;
}

// True when each of the `size` bytes (1…8) of `packed` is `filler`.
inline bool IsRepeated(uint64_t packed, size_t size, uint8_t filler) {
  constexpr uint64_t kOnes = 0x0101010101010101u;
  return packed == (kOnes >> 8 * (8 - size)) * filler;
}

// True when each of any number of bytes is `filler`.
inline bool IsFilled(Bytes bytes, std::byte filler) {
  return std::all_of(bytes.begin(), bytes.end(), [filler](std::byte b) { return b == filler; });
}

inline void StoreLowFirst(uint64_t value, std::byte* out, size_t size) {
  for (size_t i = 0; i < size; ++i, value >>= 8) out[i] = static_cast<std::byte>(value & 0xFF);
}

// True when no nibble is above 9.
inline bool IsBcd(uint64_t packed) {
  constexpr uint64_t kEights = 0x8888888888888888u;
  // A nibble is above 9 when bit 3 is set together with bit 2 or bit 1.
  return (packed & kEights & (packed << 1 | packed << 2)) == 0;
}

// The value of each byte's two digits in its place. `packed` must be BCD.
inline uint64_t BcdPairs(uint64_t packed) {
  return (packed & 0x0F0F0F0F0F0F0F0Fu) + 10 * (packed >> 4 & 0x0F0F0F0F0F0F0F0Fu);
}

// `packed` must be BCD.
inline uint64_t FromBcd(uint64_t packed) {
  packed = BcdPairs(packed);
  packed = (packed & 0x00FF00FF00FF00FFu) + 100 * (packed >> 8 & 0x00FF00FF00FF00FFu);
  packed = (packed & 0x0000FFFF0000FFFFu) + 10000 * (packed >> 16 & 0x0000FFFF0000FFFFu);
  return (packed & 0xFFFFFFFFu) + 100000000 * (packed >> 32);
}

// `value` must have at most 16 digits.
inline uint64_t ToBcd(uint64_t value) {
  uint64_t packed = 0;
  for (int shift = 0; value != 0; shift += 4, value /= 10) packed |= value % 10 << shift;
  return packed;
}

inline constexpr uint64_t kPowersOfTen[] = {1,
                                            10,
                                            100,
                                            1000,
                                            10000,
                                            100000,
                                            1000000,
                                            10000000,
                                            100000000,
                                            1000000000,
                                            10000000000,
                                            100000000000,
                                            1000000000000,
                                            10000000000000,
                                            100000000000000,
                                            1000000000000000,
                                            10000000000000000,
                                            100000000000000000,
                                            1000000000000000000};

}  // namespace karez::protocols
