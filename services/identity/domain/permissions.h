// Which permissions exist, and who may hold and hand on which. Immutable; safe from any thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"

namespace karez::identity {

using PermissionSet = std::set<std::string, std::less<>>;

class PermissionCatalogue {
 public:
  explicit PermissionCatalogue(PermissionSet all);

  // What exists for staff of the tenant: `platform.*` only in the platform's own.
  const PermissionSet& In(TenantId tenant) const;
  // One violation per permission that does not exist there.
  void Check(Violations& bad, TenantId tenant, const std::vector<std::string>& permissions) const;

 private:
  PermissionSet platform_;
  PermissionSet utility_;
};

// Nobody hands on what he does not hold himself. PERMISSION_DENIED "PERMISSION_NOT_HELD".
Result<void> MayHandOn(const Principal& caller, const PermissionSet& permissions);
// The same for data scope: PERMISSION_DENIED "SCOPE_NOT_HELD".
Result<void> MayHandOn(const Principal& caller, const Scope& scope);

}  // namespace karez::identity
