#include "libs/protocols/status_rule.h"

namespace karez::protocols {

void ApplyStatus(uint16_t status, const StatusRules& rules, Observation& out) {
  using Meaning = StatusRule::Meaning;
  for (const StatusRule& rule : rules) {
    if ((status & rule.mask) != rule.value) continue;
    switch (rule.meaning) {
      case Meaning::kValveOpen:
        out.valve = ValveState::kOpen;
        break;
      case Meaning::kValveClosed:
        out.valve = ValveState::kClosed;
        break;
      case Meaning::kValveAbnormal:
        out.valve = ValveState::kAbnormal;
        out.alarms.Add(Alarm::kValveFault);
        break;
      case Meaning::kBatteryOk:
        out.battery = BatteryState::kOk;
        break;
      case Meaning::kBatteryLow:
        out.battery = BatteryState::kLow;
        out.alarms.Add(Alarm::kBatteryLow);
        break;
      case Meaning::kAlarm:
        out.alarms.Add(rule.alarm);
        break;
    }
  }
}

}  // namespace karez::protocols
