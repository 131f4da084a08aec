#include "libs/protocols/cjt188/profile.h"

namespace karez::protocols::cjt188 {
namespace {

StatusRules MakeStandardRules() {
  using Meaning = StatusRule::Meaning;
  StatusRules rules;
  rules.push_back({0x0300, 0x0000, Meaning::kValveOpen});
  rules.push_back({0x0300, 0x0100, Meaning::kValveClosed});
  rules.push_back({0x0300, 0x0300, Meaning::kValveAbnormal});
  rules.push_back({0x0400, 0x0000, Meaning::kBatteryOk});
  rules.push_back({0x0400, 0x0400, Meaning::kBatteryLow});
  return rules;
}

}  // namespace

const StatusRules& StandardStatusRules() {
  static const StatusRules rules = MakeStandardRules();
  return rules;
}

}  // namespace karez::protocols::cjt188
