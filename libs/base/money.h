// Money and volume. Exact integers only:
//   money   int64 fen (0.01 yuan),              names end in _fen
//   volume  int64 millilitres,                  names end in _ml
//   price   int64 millionths of a yuan per m³,  names end in _micro_yuan
#pragma once

#include <cstdint>
#include <string>

#include "libs/base/error.h"

namespace karez {

inline constexpr std::int64_t kMlPerM3 = 1'000'000;

// numerator × factor / divisor in 128 bits, rounded half away from zero: the one rounding rule.
// divisor > 0. OUT_OF_RANGE when the result does not fit int64.
Result<std::int64_t> MulDivRound(std::int64_t numerator, std::int64_t factor, std::int64_t divisor);

// What `volume_ml` costs at `price_micro_yuan` per m³, in fen, rounded once.
Result<std::int64_t> LineAmountFen(std::int64_t volume_ml, std::int64_t price_micro_yuan);

// Sum without silent overflow.
Result<std::int64_t> AddExact(std::int64_t a, std::int64_t b);

// "12.34", "-0.05": for messages and receipts.
std::string FormatFen(std::int64_t fen);

}  // namespace karez
