#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {

void ReadMeaning(ObjectReader& reader, StatusRule& rule) {
  const auto meaning = reader.String("meaning");
  if (!meaning) return;
  using Meaning = StatusRule::Meaning;
  constexpr std::pair<std::string_view, Meaning> kMeanings[] = {
      {"valve_open", Meaning::kValveOpen},
      {"valve_closed", Meaning::kValveClosed},
      {"valve_abnormal", Meaning::kValveAbnormal},
      {"battery_ok", Meaning::kBatteryOk},
      {"battery_low", Meaning::kBatteryLow}};
  std::string allowed;
  for (const auto& [name, value] : kMeanings) {
    if (*meaning == name) {
      rule.meaning = value;
      return;
    }
    allowed += std::string(name) + ", ";
  }
  for (int i = 0; i < kAlarmCount; ++i) {
    const auto alarm = static_cast<Alarm>(i);
    if (*meaning == Name(alarm)) {
      rule.meaning = Meaning::kAlarm;
      rule.alarm = alarm;
      return;
    }
    allowed += std::string(Name(alarm)) + (i + 1 < kAlarmCount ? ", " : "");
  }
  reader.Fault("meaning", "must be one of: " + allowed);
}

void ReadStatusRules(ObjectReader& parent, std::string_view key, std::string_view word,
                     const std::string& file, StatusRules& out, std::vector<ProfileFault>& faults) {
  const nlohmann::json* list = parent.Array(key);
  if (list == nullptr) return;
  out.clear();
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path(key) + "[" + std::to_string(i) + "]", file, faults);
    for (const char* field : {"mask", "value", "meaning"}) reader.Require(field);
    uint32_t mask = 0;
    uint32_t value = 0;
    reader.Hex("mask", 4, mask);
    reader.Hex("value", 4, value);
    if (mask == 0) reader.Fault("mask", "must name at least one bit of " + std::string(word));
    if ((value & ~mask) != 0) reader.Fault("value", "must lie within the mask");
    StatusRule rule;
    rule.mask = static_cast<uint16_t>(mask);
    rule.value = static_cast<uint16_t>(value);
    ReadMeaning(reader, rule);
    reader.Finish();
    if (!out.push_back(rule)) {
      parent.Fault(key, "must have at most 24 rules");
      return;
    }
  }
}

}  // namespace karez::protocols
