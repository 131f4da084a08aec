// Hexadecimal text. Internal to the codecs.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace karez::protocols {

// The eight upper-case digits of a number, most significant first: all at once, a byte of a word
// for each.
inline void StoreHex(uint32_t number, char* out) {
  uint64_t digits = number;
  digits = (digits | digits << 16) & 0x0000FFFF0000FFFFu;
  digits = (digits | digits << 8) & 0x00FF00FF00FF00FFu;
  digits = (digits | digits << 4) & 0x0F0F0F0F0F0F0F0Fu;
  const uint64_t letters = (digits + 0x0606060606060606u) >> 4 & 0x0101010101010101u;
  digits += 0x3030303030303030u + letters * ('A' - '0' - 10);
  if constexpr (std::endian::native == std::endian::little) digits = __builtin_bswap64(digits);
  std::memcpy(out, &digits, 8);
}

// At most 16 digits, either case. False, and `out` as it was, when one of them is none.
inline bool ParseHexNumber(std::string_view text, uint64_t& out) {
  uint64_t number = 0;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (digit < 0) return false;
    number = number << 4 | static_cast<uint64_t>(digit);
  }
  out = number;
  return true;
}

}  // namespace karez::protocols
