// The settings a utility can make, and what each may be. One table for all services, so that a
// misspelt key is refused instead of silently doing nothing. Pure.
#pragma once

#include <string>
#include <vector>

#include "libs/base/error.h"

namespace karez::identity {

struct SettingRule {
  const char* key;  // ends in '*' for a family of keys; docs/operations.md says what it does
  // What is wrong with the value and what would be right, or empty.
  std::string (*check)(const std::string& value);
};

const std::vector<SettingRule>& SettingRules();

// Adds a violation for field settings[key] when the key is unknown or the value is not allowed. An
// empty value (remove the setting) is always allowed.
void CheckSetting(Violations& bad, const std::string& key, const std::string& value);

}  // namespace karez::identity
