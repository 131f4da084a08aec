#include "libs/protocols/cjt188/units.h"

namespace karez::protocols::cjt188 {
namespace {

constexpr std::array<ScaledUnit, 256> MakeTable() {
  std::array<ScaledUnit, 256> table{};
  // `steps` codes from `first` on: ×1, ×10, ×100.
  const auto set = [&table](uint8_t first, Unit unit, uint8_t steps) {
    for (uint8_t i = 0; i < steps; ++i) table[first + i] = {unit, static_cast<int8_t>(i)};
  };
  set(0x01, Unit::kJoule, 1);
  set(0x02, Unit::kWattHour, 3);
  set(0x05, Unit::kKilowattHour, 3);
  set(0x08, Unit::kMegawattHour, 3);
  set(0x0B, Unit::kKilojoule, 3);
  set(0x0E, Unit::kMegajoule, 3);
  set(0x11, Unit::kGigajoule, 3);
  set(0x14, Unit::kWatt, 3);
  set(0x17, Unit::kKilowatt, 3);
  set(0x1A, Unit::kMegawatt, 3);
  set(0x29, Unit::kLitre, 3);
  set(0x2C, Unit::kCubicMetre, 3);
  set(0x32, Unit::kLitrePerHour, 3);
  set(0x35, Unit::kCubicMetrePerHour, 3);
  set(0x40, Unit::kJoulePerHour, 3);
  set(0x43, Unit::kKilojoulePerHour, 3);
  set(0x46, Unit::kMegajoulePerHour, 3);
  set(0x49, Unit::kGigajoulePerHour, 3);
  return table;
}

}  // namespace

constexpr std::array<ScaledUnit, 256> kUnits = MakeTable();

}  // namespace karez::protocols::cjt188
