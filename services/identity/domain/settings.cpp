#include "services/identity/domain/settings.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace karez::identity {
namespace {

constexpr std::size_t kLongestPattern = 40;
constexpr std::size_t kLongestSeries = 40;

template <std::int64_t low, std::int64_t high>
std::string WholeNumber(const std::string& value) {
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error == std::errc() && stop == end && number >= low && number <= high) return "";
  return "Must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ".";
}

std::string TrueOrFalse(const std::string& value) {
  return value == "true" || value == "false" ? "" : "Must be true or false.";
}

// Letters, digits and '-' around {yyyy}, {MM}, {dd} and one {seq:n}.
std::string NumberPattern(const std::string& value) {
  const std::string refusal =
      "Must be a pattern such as SL-{yyyy}{MM}-{seq:6}: letters, digits and '-', {yyyy}, {MM}, "
      "{dd}, and {seq:n} once with n from 1 to 12; 40 characters at most.";
  if (value.size() > kLongestPattern) return refusal;
  int counters = 0;
  std::string_view rest = value;
  while (!rest.empty()) {
    if (rest.front() != '{') {
      const char c = rest.front();
      const bool plain =
          (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      if (!plain) return refusal;
      rest.remove_prefix(1);
      continue;
    }
    const auto close = rest.find('}');
    if (close == std::string_view::npos) return refusal;
    const std::string_view field = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (field == "yyyy" || field == "MM" || field == "dd") continue;
    if (!field.starts_with("seq:") || !WholeNumber<1, 12>(std::string(field.substr(4))).empty()) {
      return refusal;
    }
    ++counters;
  }
  return counters == 1 ? "" : refusal;
}

bool Matches(const SettingRule& rule, std::string_view key) {
  std::string_view pattern = rule.key;
  if (!pattern.ends_with('*')) return key == pattern;
  pattern.remove_suffix(1);
  if (!key.starts_with(pattern) || key.size() == pattern.size() || key.size() > kLongestSeries) {
    return false;
  }
  key.remove_prefix(pattern.size());
  return std::all_of(key.begin(), key.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '.'; });
}

}  // namespace

const std::vector<SettingRule>& SettingRules() {
  static const std::vector<SettingRule> rules = {
      {"accounts.default_household_size", WholeNumber<1, 99>},
      {"billing.carry_remainder", TrueOrFalse},
      {"billing.collect_any_branch", TrueOrFalse},
      {"billing.due_days", WholeNumber<0, 3650>},
      {"billing.review.jump_min_ml", WholeNumber<0, 1'000'000'000'000>},
      {"billing.review.jump_percent", WholeNumber<101, 100'000>},
      {"metering.estimate_missing", WholeNumber<0, 1>},
      {"number.*", NumberPattern},
  };
  return rules;
}

void CheckSetting(Violations& bad, const std::string& key, const std::string& value) {
  const auto& rules = SettingRules();
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const SettingRule& r) { return Matches(r, key); });
  if (rule == rules.end()) {
    bad.Add("settings[" + key + "]", "No such setting. docs/operations.md lists all that exist.");
    return;
  }
  const std::string refusal = value.empty() ? "" : rule->check(value);
  if (!refusal.empty()) bad.Add("settings[" + key + "]", refusal);
}

}  // namespace karez::identity
