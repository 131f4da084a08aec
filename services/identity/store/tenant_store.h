// Rows of tenants, groups and branches.
#pragma once

#include <optional>
#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/branch.h"
#include "services/identity/domain/tenant.h"

namespace karez::identity::store {

// Waits for other creations, takes the next id and writes the tenant and, when it is new, its
// group. ALREADY_EXISTS "TENANT_CODE_TAKEN".
Result<void> InsertTenant(pg::Tx& tx, TenantRecord& tenant);
std::optional<TenantRecord> FindTenant(pg::Tx& tx, TenantId id);
std::optional<TenantRecord> FindTenantByCode(pg::Tx& tx, const std::string& code);
// Must exist; locked until the end of the transaction.
TenantRecord LockTenant(pg::Tx& tx, TenantId id);
void UpdateSettings(pg::Tx& tx, const TenantRecord& tenant);
// By id, after `after`.
std::vector<TenantRecord> ListTenants(pg::Tx& tx, TenantId after, int limit);

// ALREADY_EXISTS "BRANCH_CODE_TAKEN"; NOT_FOUND "BRANCH_NOT_FOUND" for the parent.
Result<void> InsertBranch(pg::Tx& tx, TenantId tenant, const Branch& branch);
// By code.
std::vector<Branch> ListBranches(pg::Tx& tx, TenantId tenant);
// Those of `branches` that do not exist.
std::vector<BranchId> MissingBranches(pg::Tx& tx, TenantId tenant,
                                      const std::vector<BranchId>& branches);
// The branches and all below them.
std::vector<BranchId> WithBranchesBelow(pg::Tx& tx, TenantId tenant,
                                        const std::vector<BranchId>& branches);

}  // namespace karez::identity::store
