#include "services/identity/domain/role.h"

#include "services/identity/domain/text.h"

namespace karez::identity {
namespace {

Result<void> Check(const std::string& name, const std::vector<std::string>& permissions,
                   const PermissionCatalogue& catalogue, TenantId tenant) {
  Violations bad;
  CheckDisplayName(bad, "name", name);
  catalogue.Check(bad, tenant, permissions);
  return bad.Check();
}

}  // namespace

Result<void> Role::Change(std::string new_name, const std::vector<std::string>& new_permissions,
                          const std::string& etag, const PermissionCatalogue& catalogue,
                          TenantId tenant) {
  RETURN_IF_ERROR(Check(new_name, new_permissions, catalogue, tenant));
  if (built_in) {
    return Fail(Code::kFailedPrecondition, "ROLE_BUILT_IN",
                "The built-in role cannot be changed. Create a role of your own.");
  }
  RETURN_IF_ERROR(CheckEtag(etag, version));
  name = std::move(new_name);
  permissions = {new_permissions.begin(), new_permissions.end()};
  ++version;
  return {};
}

Result<Role> NewRole(std::string name, const std::vector<std::string>& permissions,
                     const PermissionCatalogue& catalogue, TenantId tenant) {
  RETURN_IF_ERROR(Check(name, permissions, catalogue, tenant));
  return Role{RoleId::New(), std::move(name), {permissions.begin(), permissions.end()}, false, 1};
}

Role AdministratorRole() { return {RoleId::New(), kAdministratorRole, {}, true, 1}; }

std::string Etag(std::int64_t version) { return std::to_string(version); }

Result<void> CheckEtag(const std::string& etag, std::int64_t version) {
  if (etag.empty()) return FailField("etag", "Must be the etag of the last read.");
  if (etag == Etag(version)) return {};
  return Fail(Code::kAborted, "ETAG_MISMATCH",
              "Someone else changed it meanwhile. Read it again and repeat your change.");
}

}  // namespace karez::identity
