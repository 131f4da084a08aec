// Bytes as hexadecimal text, two digits at a time. Internal to the codecs.
#pragma once

#include <array>
#include <cstddef>

namespace karez::protocols {

constexpr std::array<std::array<char, 2>, 256> MakeHexPairs() {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::array<std::array<char, 2>, 256> pairs{};
  for (size_t i = 0; i < 256; ++i) pairs[i] = {kDigits[i >> 4], kDigits[i & 0xF]};
  return pairs;
}

inline constexpr std::array<std::array<char, 2>, 256> kHexPairs = MakeHexPairs();

// −1 for a character that is none, either case.
constexpr int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace karez::protocols
