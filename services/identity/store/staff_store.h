// Rows of staff and their roles.
#pragma once

#include <optional>
#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/staff.h"

namespace karez::identity::store {

// ALREADY_EXISTS "STAFF_NAME_TAKEN".
Result<void> InsertStaff(pg::Tx& tx, TenantId tenant, const Staff& staff);
// NOT_FOUND "STAFF_NOT_FOUND".
Result<Staff> GetStaff(pg::Tx& tx, TenantId tenant, StaffId id);
// The same, locked until the end of the transaction.
Result<Staff> LockStaff(pg::Tx& tx, TenantId tenant, StaffId id);
std::optional<Staff> FindStaffByName(pg::Tx& tx, TenantId tenant, const std::string& name);
// Everything but the sign-in name and the time of creation.
void UpdateStaff(pg::Tx& tx, TenantId tenant, const Staff& staff);
// By sign-in name, after `after`.
std::vector<Staff> ListStaff(pg::Tx& tx, TenantId tenant, const std::string& after, int limit);

}  // namespace karez::identity::store
