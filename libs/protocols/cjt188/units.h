// CJ/T 188 unit codes.
#pragma once

#include <array>
#include <cstdint>

#include "libs/protocols/observation.h"

namespace karez::protocols::cjt188 {

struct ScaledUnit {
  Unit unit = Unit::kNone;  // kNone: the standard does not define the code
  int8_t exponent = 0;      // the codes between two units are ×10 and ×100 of the one before
};

extern const std::array<ScaledUnit, 256> kUnits;
inline ScaledUnit UnitOf(uint8_t code) { return kUnits[code]; }

inline bool IsVolume(Unit unit) { return unit == Unit::kLitre || unit == Unit::kCubicMetre; }

}  // namespace karez::protocols::cjt188
