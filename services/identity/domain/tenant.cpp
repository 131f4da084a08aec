#include "services/identity/domain/tenant.h"

#include "services/identity/domain/settings.h"
#include "services/identity/domain/text.h"

namespace karez::identity {

Result<void> TenantRecord::ChangeSettings(const std::map<std::string, std::string>& changes) {
  Violations bad;
  if (changes.empty()) bad.Add("settings", "Must name at least one setting.");
  for (const auto& [key, value] : changes) CheckSetting(bad, key, value);
  RETURN_IF_ERROR(bad.Check());
  for (const auto& [key, value] : changes) {
    if (value.empty()) {
      settings.erase(key);
    } else {
      settings[key] = value;
    }
  }
  ++version;
  return {};
}

TenantRecord NewTenant(Violations& bad, std::string code, std::string name, std::string zone,
                       std::string group_code, Instant now) {
  TenantRecord tenant;
  tenant.code = std::move(code);
  tenant.name = std::move(name);
  tenant.zone = zone.empty() ? Zone().name() : std::move(zone);
  if (!group_code.empty()) tenant.group_code = std::move(group_code);
  tenant.created_at = now;
  CheckCode(bad, "code", tenant.code);
  CheckDisplayName(bad, "name", tenant.name);
  if (const auto found = Zone::Find(tenant.zone); !found) bad.Add("zone", found.error());
  if (tenant.group_code) CheckCode(bad, "group_code", *tenant.group_code);
  return tenant;
}

}  // namespace karez::identity
