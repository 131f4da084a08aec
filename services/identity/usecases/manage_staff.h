// Roles and staff. Nobody hands on a permission or a branch that he does not hold himself.
#pragma once

#include <string>
#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/staff.h"

namespace karez::identity::usecases {

Result<Role> CreateRole(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                        const std::string& name, const std::vector<std::string>& permissions);

struct RoleChange {
  std::string role_id;
  std::string name;
  std::vector<std::string> permissions;
  std::string etag;
};
Result<Role> UpdateRole(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                        const RoleChange& change);

struct NewStaffMember {
  std::string staff_name;
  std::string display_name;
  std::string password;
  Assignment assignment;
};
Result<Staff> CreateStaff(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                          const NewStaffMember& wanted);

struct StaffChange {
  std::string staff_id;
  std::string display_name;
  bool active = true;
  Assignment assignment;
  std::string etag;
};
// Disabling ends all sessions. FAILED_PRECONDITION "OWN_RIGHTS" when the caller changes what he
// himself may do.
Result<Staff> UpdateStaff(pg::Tx& tx, const Context& context, const PermissionCatalogue& catalogue,
                          const StaffChange& change);

}  // namespace karez::identity::usecases
