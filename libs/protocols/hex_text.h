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

}  // namespace karez::protocols
