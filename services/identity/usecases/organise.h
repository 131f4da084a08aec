// How a utility organises itself: settings and branches.
#pragma once

#include <map>
#include <string>

#include "libs/pg/tx.h"
#include "services/identity/domain/branch.h"
#include "services/identity/domain/tenant.h"

namespace karez::identity::usecases {

// INVALID_ARGUMENT for each unknown key or bad value.
Result<TenantRecord> UpdateSettings(pg::Tx& tx, const Context& context,
                                    const std::map<std::string, std::string>& changes);
// ALREADY_EXISTS "BRANCH_CODE_TAKEN"; NOT_FOUND "BRANCH_NOT_FOUND" for the parent.
Result<Branch> CreateBranch(pg::Tx& tx, const Context& context, const std::string& code,
                            const std::string& name, const std::string& parent_id);

}  // namespace karez::identity::usecases
