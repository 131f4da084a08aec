// Rows of roles.
#pragma once

#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/role.h"

namespace karez::identity::store {

// ALREADY_EXISTS "ROLE_NAME_TAKEN".
Result<void> InsertRole(pg::Tx& tx, TenantId tenant, const Role& role);
// NOT_FOUND "ROLE_NOT_FOUND". Locked until the end of the transaction.
Result<Role> LockRole(pg::Tx& tx, TenantId tenant, RoleId id);
// ALREADY_EXISTS "ROLE_NAME_TAKEN".
Result<void> UpdateRole(pg::Tx& tx, TenantId tenant, const Role& role);
// By name.
std::vector<Role> ListRoles(pg::Tx& tx, TenantId tenant);
// In no order; fewer than asked for when some do not exist.
std::vector<Role> FindRoles(pg::Tx& tx, TenantId tenant, const std::vector<RoleId>& ids);

}  // namespace karez::identity::store
