// A utility (one company with one ledger) as identity keeps it. Values.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "libs/base/context.h"
#include "libs/base/error.h"

namespace karez::identity {

struct TenantRecord {
  TenantId id = 0;
  std::string code;
  std::string name;
  std::string zone;
  bool active = true;
  std::map<std::string, std::string> settings;
  std::optional<std::string> group_code;
  std::int64_t version = 1;
  Instant created_at;

  // Sets or (empty value) removes settings. One violation per unknown key or bad value; then
  // nothing is changed.
  Result<void> ChangeSettings(const std::map<std::string, std::string>& changes);
};

// Adds a violation for each bad field; an empty zone means Asia/Shanghai.
TenantRecord NewTenant(Violations& bad, std::string code, std::string name, std::string zone,
                       std::string group_code, Instant now);

}  // namespace karez::identity
