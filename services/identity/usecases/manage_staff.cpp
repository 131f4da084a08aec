#include "services/identity/usecases/manage_staff.h"

#include <algorithm>

#include "libs/auth/secrets.h"
#include "services/identity/domain/text.h"
#include "services/identity/store/role_store.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {
namespace {

// Adds a violation for each role or branch that does not exist; answers the roles that do.
std::vector<Role> CheckExist(pg::Tx& tx, TenantId tenant, Violations& bad,
                             const ParsedAssignment& wanted) {
  std::vector<Role> roles = store::FindRoles(tx, tenant, wanted.roles);
  for (const RoleId& id : wanted.roles) {
    const bool found =
        std::any_of(roles.begin(), roles.end(), [&](const Role& role) { return role.id == id; });
    if (!found) bad.Add("role_ids", "There is no role " + id.str() + ".");
  }
  for (const BranchId& id : store::MissingBranches(tx, tenant, wanted.scope.branches)) {
    bad.Add("branch_ids", "There is no branch " + id.str() + ".");
  }
  return roles;
}

// The caller must hold what roles give, but for those that were given before.
Result<void> MayAssign(const Context& context, const PermissionCatalogue& catalogue,
                       const std::vector<Role>& roles, const std::vector<RoleId>& before) {
  for (const Role& role : roles) {
    if (std::find(before.begin(), before.end(), role.id) != before.end()) continue;
    RETURN_IF_ERROR(
        MayHandOn(context.principal(), role.PermissionsIn(catalogue, context.tenant_id())));
  }
  return {};
}

bool SameScope(const Scope& a, const Scope& b) {
  return a.all == b.all && a.branches == b.branches;
}

bool RightsChange(const Staff& staff, const StaffChange& change, const ParsedAssignment& wanted) {
  return staff.active != change.active || staff.roles != wanted.roles ||
         !SameScope(staff.scope, wanted.scope);
}

}  // namespace

Result<Role> CreateRole(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                        const std::string& name, const std::vector<std::string>& permissions) {
  ASSIGN_OR_RETURN(const Role role, NewRole(name, permissions, catalogue, context.tenant_id()));
  RETURN_IF_ERROR(MayHandOn(context.principal(), role.permissions));
  RETURN_IF_ERROR(store::InsertRole(tx, context.tenant_id(), role));
  return role;
}

Result<Role> UpdateRole(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                        const RoleChange& change) {
  const TenantId tenant = context.tenant_id();
  const auto id = RoleId::Parse(change.role_id);
  if (!id) return FailField("role_id", id.error().message);
  ASSIGN_OR_RETURN(Role role, store::LockRole(tx, tenant, *id));
  RETURN_IF_ERROR(role.Change(change.name, change.permissions, change.etag, catalogue, tenant));
  RETURN_IF_ERROR(MayHandOn(context.principal(), role.permissions));
  RETURN_IF_ERROR(store::UpdateRole(tx, tenant, role));
  return role;
}

Result<Staff> CreateStaff(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                          const NewStaffMember& wanted) {
  const TenantId tenant = context.tenant_id();
  Violations bad;
  CheckStaffName(bad, "staff_name", wanted.staff_name);
  CheckDisplayName(bad, "display_name", wanted.display_name);
  CheckNewPassword(bad, "password", wanted.password);
  const ParsedAssignment assignment = Parse(bad, wanted.assignment);
  const std::vector<Role> roles = CheckExist(tx, tenant, bad, assignment);
  RETURN_IF_ERROR(bad.Check());
  RETURN_IF_ERROR(MayAssign(context, catalogue, roles, {}));
  RETURN_IF_ERROR(MayHandOn(context.principal(), assignment.scope));

  Staff staff;
  staff.id = StaffId::New();
  staff.name = wanted.staff_name;
  staff.display_name = wanted.display_name;
  staff.password_hash = auth::HashPassword(wanted.password);
  staff.roles = assignment.roles;
  staff.scope = assignment.scope;
  staff.created_at = context.Now();
  RETURN_IF_ERROR(store::InsertStaff(tx, tenant, staff));
  return staff;
}

Result<Staff> UpdateStaff(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                          const StaffChange& change) {
  const TenantId tenant = context.tenant_id();
  Violations bad;
  const auto id = StaffId::Parse(change.staff_id);
  if (!id) bad.Add("staff_id", id.error());
  CheckDisplayName(bad, "display_name", change.display_name);
  const ParsedAssignment assignment = Parse(bad, change.assignment);
  const std::vector<Role> roles = CheckExist(tx, tenant, bad, assignment);
  RETURN_IF_ERROR(bad.Check());
  ASSIGN_OR_RETURN(Staff staff, store::LockStaff(tx, tenant, *id));
  RETURN_IF_ERROR(CheckEtag(change.etag, staff.version));
  if (RightsChange(staff, change, assignment)) {
    if (context.principal().subject == staff.id.str()) {
      return Fail(Code::kFailedPrecondition, "OWN_RIGHTS",
                  "Nobody changes his own roles, branches or state. Ask a colleague.");
    }
    RETURN_IF_ERROR(MayAssign(context, catalogue, roles, staff.roles));
    if (!SameScope(staff.scope, assignment.scope)) {
      RETURN_IF_ERROR(MayHandOn(context.principal(), assignment.scope));
    }
  }
  staff.display_name = change.display_name;
  staff.active = change.active;
  staff.roles = assignment.roles;
  staff.scope = assignment.scope;
  ++staff.version;
  store::UpdateStaff(tx, tenant, staff);
  if (!staff.active) store::RevokeSessionsOf(tx, tenant, staff.id, std::nullopt, context.Now());
  return staff;
}

}  // namespace karez::identity::usecases
