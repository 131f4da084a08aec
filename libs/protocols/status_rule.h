// What the bits of a status word mean, as data of a meter profile.
#pragma once

#include <cstdint>

#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"

namespace karez::protocols {

// Applies when (status & mask) == value.
struct StatusRule {
  enum class Meaning : uint8_t {
    kValveOpen,
    kValveClosed,
    kValveAbnormal,
    kBatteryOk,
    kBatteryLow,
    kAlarm
  };
  uint16_t mask = 0;
  uint16_t value = 0;
  Meaning meaning = Meaning::kAlarm;
  Alarm alarm = Alarm::kMeterFault;  // for kAlarm
};

using StatusRules = FixedVector<StatusRule, 24>;

// Sets valve, battery and alarms of `out` by the rules that apply.
void ApplyStatus(uint16_t status, const StatusRules& rules, Observation& out);

}  // namespace karez::protocols
