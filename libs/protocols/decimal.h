// Numbers that others send as binary floating point or as text, as exact decimals: the inner model
// has no doubles. Pure functions, no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace karez::protocols {

// raw × 10^exponent
struct DecimalNumber {
  int64_t raw = 0;
  int8_t exponent = 0;
};

// The shortest decimal that is this number and no other double: what the sender wrote, up to 15
// digits. Exponents above 0 only where the digits do not fit otherwise. Empty for infinities, for
// what is no number, and for exponents beyond ±127.
std::optional<DecimalNumber> ToDecimal(double number);
// Likewise for a number that was sent as an IEEE single.
std::optional<DecimalNumber> ToDecimal(float number);

// A decimal as people and JSON write it, exactly: "12.345", "-0.5", "+7", "1.5E3". Empty for
// anything else (blanks and signs of units, too), for more than 18 digits that count, and for
// exponents beyond ±127.
std::optional<DecimalNumber> ReadDecimal(std::string_view text);

}  // namespace karez::protocols
