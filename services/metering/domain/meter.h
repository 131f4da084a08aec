// What a meter is and what it can physically do. Pure.
#pragma once

#include <optional>
#include <string>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "libs/base/uuid.h"

namespace karez::metering::domain {

using MeterId = Id<struct MeterTag>;
using TerminalId = Id<struct TerminalTag>;

inline constexpr int kDefaultDiameterMm = 20;
inline constexpr int kMinRegisterDigits = 4;
inline constexpr int kMaxRegisterDigits = 9;

// The counting mechanism: what decides whether a difference of two readings is possible.
struct Register {
  int diameter_mm = kDefaultDiameterMm;
  int digits = 6;  // before the decimal point, in m³

  // It shows 0 again after this much, millilitres.
  std::int64_t ModulusMl() const;
  // Overload flow of the nominal diameter (Q4 of the water-meter standard), millilitres an hour.
  // No water meter passes more; between the standard's sizes the larger one holds.
  std::int64_t MaxFlowMlPerHour() const;
};

struct Meter {
  MeterId id;
  std::string number;
  BranchId branch_id;
  std::string profile;
  Register reg;
  std::string device_address;  // on the wire, as its protocol writes it
  std::optional<TerminalId> terminal_id;
  std::string terminal_number;  // of terminal_id, for answers
  bool active = true;
  std::int64_t version = 1;
};

// 1 to 32 letters, digits and dashes. Adds to `bad` what is wrong under the field's name.
void CheckMeterNumber(const std::string& number, Violations& bad);
void CheckDiameter(int diameter_mm, Violations& bad);
void CheckRegisterDigits(int digits, Violations& bad);

// The number on the plate as a wire address of `digits` digits: padded with zeros on the left.
// Empty when it does not fit or is not decimal.
std::string AddressFromNumber(const std::string& number, std::size_t digits);

}  // namespace karez::metering::domain
