#include "services/identity/domain/permissions.h"

#include <algorithm>
#include <iterator>

namespace karez::identity {

PermissionCatalogue::PermissionCatalogue(PermissionSet all) : platform_(std::move(all)) {
  std::copy_if(platform_.begin(), platform_.end(), std::inserter(utility_, utility_.end()),
               [](const std::string& name) { return !name.starts_with("platform."); });
}

const PermissionSet& PermissionCatalogue::In(TenantId tenant) const {
  return tenant == kPlatformTenant ? platform_ : utility_;
}

void PermissionCatalogue::Check(Violations& bad, TenantId tenant,
                                const std::vector<std::string>& permissions) const {
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    if (!In(tenant).contains(permissions[i])) {
      bad.Add("permissions[" + std::to_string(i) + "]",
              "No such permission. ListPermissions (GET /v1/permissions) names all that exist.");
    }
  }
}

Result<void> MayHandOn(const Principal& caller, const PermissionSet& permissions) {
  for (const std::string& permission : permissions) {
    if (!caller.Can(permission)) {
      return Fail(Code::kPermissionDenied, "PERMISSION_NOT_HELD",
                  "You can only hand on permissions that you hold yourself.",
                  {{"permission", permission}});
    }
  }
  return {};
}

Result<void> MayHandOn(const Principal& caller, const Scope& scope) {
  const bool all_held =
      std::all_of(scope.branches.begin(), scope.branches.end(),
                  [&](const BranchId& branch) { return caller.scope.Contains(branch); });
  if (caller.scope.all || (!scope.all && all_held)) return {};
  return Fail(Code::kPermissionDenied, "SCOPE_NOT_HELD",
              "You can only hand on branches that you have yourself.");
}

}  // namespace karez::identity
