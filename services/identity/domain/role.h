// A named set of permissions. Values.
#pragma once

#include <string>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/uuid.h"
#include "services/identity/domain/permissions.h"

namespace karez::identity {

using RoleId = Id<struct RoleTag>;

// Each tenant is born with it; it holds every permission that exists, those of later releases too.
inline constexpr const char* kAdministratorRole = "administrator";

struct Role {
  RoleId id;
  std::string name;
  PermissionSet permissions;  // of a built-in role: empty, the catalogue says
  bool built_in = false;
  std::int64_t version = 1;

  const PermissionSet& PermissionsIn(const PermissionCatalogue& catalogue, TenantId tenant) const {
    return built_in ? catalogue.In(tenant) : permissions;
  }
  // Replaces name and permissions. FAILED_PRECONDITION "ROLE_BUILT_IN"; ABORTED "ETAG_MISMATCH".
  Result<void> Change(std::string new_name, const std::vector<std::string>& new_permissions,
                      const std::string& etag, const PermissionCatalogue& catalogue,
                      TenantId tenant);
};

Result<Role> NewRole(std::string name, const std::vector<std::string>& permissions,
                     const PermissionCatalogue& catalogue, TenantId tenant);
Role AdministratorRole();

// The version as it is handed out, and its check. Empty: INVALID_ARGUMENT; stale: ABORTED.
std::string Etag(std::int64_t version);
Result<void> CheckEtag(const std::string& etag, std::int64_t version);

}  // namespace karez::identity
