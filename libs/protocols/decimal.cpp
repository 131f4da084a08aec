#include "libs/protocols/decimal.h"

#include <charconv>
#include <cmath>

namespace karez::protocols {
namespace {

template <class Real>
std::optional<DecimalNumber> Shortest(Real number) {
  if (!std::isfinite(number)) return std::nullopt;
  char text[40];
  const char* const end =
      std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
  DecimalNumber decimal;
  const char* at = text;
  const bool negative = *at == '-';
  if (negative) ++at;
  int digits_behind_point = 0;
  bool behind_point = false;
  for (; at != end && *at != 'e'; ++at) {
    if (*at == '.') {
      behind_point = true;
      continue;
    }
    decimal.raw = decimal.raw * 10 + (*at - '0');  // 17 digits at most
    if (behind_point) ++digits_behind_point;
  }
  int exponent = 0;
  if (at != end && *++at == '+') ++at;
  std::from_chars(at, end, exponent);
  exponent -= digits_behind_point;
  if (decimal.raw == 0) exponent = 0;
  // 1200 is 1200, not 12 × 10^2.
  for (; exponent > 0 && decimal.raw <= INT64_MAX / 10; --exponent) decimal.raw *= 10;
  if (exponent < INT8_MIN || exponent > INT8_MAX) return std::nullopt;
  decimal.exponent = static_cast<int8_t>(exponent);
  if (negative) decimal.raw = -decimal.raw;
  return decimal;
}

}  // namespace

std::optional<DecimalNumber> ReadDecimal(std::string_view text) {
  constexpr int64_t kFull = 100'000'000'000'000'000;  // has 18 digits
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  DecimalNumber decimal;
  int exponent = 0;
  int digits = 0;
  bool behind_point = false;
  for (; at != end && *at != 'e' && *at != 'E'; ++at) {
    if (*at == '.' && !behind_point) {
      behind_point = true;
      continue;
    }
    if (*at < '0' || *at > '9' || decimal.raw >= kFull) return std::nullopt;
    decimal.raw = decimal.raw * 10 + (*at - '0');
    ++digits;
    if (behind_point) --exponent;
  }
  if (digits == 0) return std::nullopt;
  if (at != end) {
    if (++at != end && *at == '+' && ++at != end && *at == '-') return std::nullopt;
    int shift = 0;
    const auto [stop, fault] = std::from_chars(at, end, shift);
    if (fault != std::errc() || stop != end || shift < -1000 || shift > 1000) return std::nullopt;
    exponent += shift;
  }
  for (; exponent > 0 && decimal.raw <= INT64_MAX / 10; --exponent) decimal.raw *= 10;
  if (exponent < INT8_MIN || exponent > INT8_MAX) return std::nullopt;
  decimal.exponent = static_cast<int8_t>(exponent);
  if (negative) decimal.raw = -decimal.raw;
  return decimal;
}

std::optional<DecimalNumber> ToDecimal(double number) { return Shortest(number); }
std::optional<DecimalNumber> ToDecimal(float number) { return Shortest(number); }

}  // namespace karez::protocols
