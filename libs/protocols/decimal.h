// Numbers that others send as binary floating point or as text, as exact decimals: the inner model
// has no doubles. Pure functions, no allocation.
#pragma once

#include <cstdint>
#include <optional>

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

}  // namespace karez::protocols
