// Packed binary-coded decimal, low byte first. Internal to the codecs.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "libs/protocols/fixed.h"

namespace karez::protocols {

// Value of up to 8 bytes, least significant first, as one hexadecimal number.
inline uint64_t LoadLowFirst(Bytes bytes) {
  uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    if (bytes.size() == 4) {  // most fields: one load instead of a loop
      uint32_t word = 0;
      std::memcpy(&word, bytes.data(), 4);
      return word;
    }
  }
  for (size_t i = bytes.size(); i > 0; --i) {
    value = value << 8 | std::to_integer<uint64_t>(bytes[i - 1]);
  }
  return value;
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

// `packed` must be BCD.
inline uint64_t FromBcd(uint64_t packed) {
  packed = (packed & 0x0F0F0F0F0F0F0F0Fu) + 10 * (packed >> 4 & 0x0F0F0F0F0F0F0F0Fu);
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
