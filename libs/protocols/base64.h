// Base64, RFC 4648. Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols {

enum class Base64Alphabet : uint8_t {
  kStandard,  // + and /
  kUrl,       // - and _
};

enum class Base64Padding : uint8_t { kPadded, kUnpadded };

// Bytes that `size` characters stand for, at most; and characters of `size` bytes with padding.
constexpr size_t Base64DecodedSize(size_t size) { return size / 4 * 3 + size % 4 * 3 / 4; }
constexpr size_t Base64EncodedSize(size_t size) { return (size + 2) / 3 * 4; }

struct Base64Result {
  Error error;
  size_t size = 0;  // written to `out`
};

// Takes what is in the field: both alphabets, even mixed in one text, with and without padding, and
// unused bits of the last character that are not zero (the gateways' protocol text shows all of
// it). Refuses everything else, blanks and line breaks too.
// kValue at a character outside of the alphabets or behind the padding (`found`), kLength for a
// text of impossible length or wrong padding, kBuffer when `out` is too small.
[[nodiscard]] Base64Result DecodeBase64(std::string_view text, std::span<std::byte> out);

// kBuffer only: Base64EncodedSize(bytes.size()) characters are always enough.
[[nodiscard]] Base64Result EncodeBase64(Bytes bytes, std::span<char> out,
                                        Base64Alphabet alphabet = Base64Alphabet::kStandard,
                                        Base64Padding padding = Base64Padding::kPadded);

}  // namespace karez::protocols
