#include "libs/base/money.h"

#include <limits>

#include "libs/base/assert.h"

namespace karez {
namespace {

__extension__ using Wide = __int128;

tl::unexpected<Error> RefuseRange() {
  return Fail(Code::kOutOfRange, "AMOUNT_OUT_OF_RANGE", "The amount is too large to be booked.");
}

}  // namespace

Result<std::int64_t> MulDivRound(std::int64_t numerator, std::int64_t factor,
                                 std::int64_t divisor) {
  KAREZ_ASSERT(divisor > 0);
  const Wide product = static_cast<Wide>(numerator) * factor;
  const bool negative = product < 0;
  const Wide magnitude = negative ? -product : product;
  // Half is added in halves so that it holds for odd divisors too.
  const Wide quotient = magnitude / divisor + ((magnitude % divisor) * 2 >= divisor ? 1 : 0);
  const Wide rounded = negative ? -quotient : quotient;
  if (rounded > std::numeric_limits<std::int64_t>::max() ||
      rounded < std::numeric_limits<std::int64_t>::min()) {
    return RefuseRange();
  }
  return static_cast<std::int64_t>(rounded);
}

Result<std::int64_t> LineAmountFen(std::int64_t volume_ml, std::int64_t price_micro_yuan) {
  // 1 m³ = 10⁶ ml and 1 fen = 10⁴ millionths of a yuan.
  return MulDivRound(volume_ml, price_micro_yuan, 10'000'000'000);
}

Result<std::int64_t> AddExact(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return RefuseRange();
  return sum;
}

std::string FormatFen(std::int64_t fen) {
  const bool negative = fen < 0;
  const auto magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(fen)
                                  : static_cast<std::uint64_t>(fen);
  const std::uint64_t cents = magnitude % 100;
  return (negative ? "-" : "") + std::to_string(magnitude / 100) + (cents < 10 ? ".0" : ".") +
         std::to_string(cents);
}

}  // namespace karez
