#include "services/metering/domain/meter.h"

#include <algorithm>
#include <array>

#include "libs/base/money.h"

namespace karez::metering::domain {
namespace {

struct Overload {
  int diameter_mm;
  std::int64_t flow_ml_per_hour;
};

// Q4 = 1.25 × the largest permanent flow sold in the size.
constexpr std::array<Overload, 16> kOverload = {{{15, 3'125'000},
                                                 {20, 5'000'000},
                                                 {25, 7'875'000},
                                                 {32, 12'500'000},
                                                 {40, 20'000'000},
                                                 {50, 50'000'000},
                                                 {65, 78'750'000},
                                                 {80, 125'000'000},
                                                 {100, 200'000'000},
                                                 {125, 312'500'000},
                                                 {150, 500'000'000},
                                                 {200, 787'500'000},
                                                 {250, 1'250'000'000},
                                                 {300, 2'000'000'000},
                                                 {400, 3'125'000'000},
                                                 {600, 7'875'000'000}}};

bool IsNumberChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
}

}  // namespace

std::int64_t Register::ModulusMl() const {
  std::int64_t modulus = kMlPerM3;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  return modulus;
}

std::int64_t Register::MaxFlowMlPerHour() const {
  const auto size = std::ranges::find_if(
      kOverload, [&](const Overload& o) { return o.diameter_mm >= diameter_mm; });
  return size == kOverload.end() ? kOverload.back().flow_ml_per_hour : size->flow_ml_per_hour;
}

void CheckMeterNumber(const std::string& number, Violations& bad) {
  if (number.empty() || number.size() > 32 || !std::ranges::all_of(number, IsNumberChar)) {
    bad.Add("number", "Must be 1 to 32 letters, digits or dashes, as on the meter's plate.");
  }
}

void CheckDiameter(int diameter_mm, Violations& bad) {
  if (diameter_mm < 15 || diameter_mm > 600) {
    bad.Add("diameter_mm", "Must be the nominal diameter in millimetres, 15 to 600.");
  }
}

void CheckRegisterDigits(int digits, Violations& bad) {
  if (digits < kMinRegisterDigits || digits > kMaxRegisterDigits) {
    bad.Add("register_digits", "Must be the digits before the decimal point, 4 to 9.");
  }
}

std::string AddressFromNumber(const std::string& number, std::size_t digits) {
  const bool decimal = std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  if (number.empty() || number.size() > digits || !decimal) return {};
  return std::string(digits - number.size(), '0') + number;
}

}  // namespace karez::metering::domain
