// Business cases of accounts.
#pragma once

#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/business_case.h"

namespace karez::accounts::store {

void InsertCase(pg::Tx& tx, const Context& context, const BusinessCase& item);

// Newest first, older than `before`; nil for the newest.
std::vector<BusinessCase> ListCases(pg::Tx& tx, const Context& context, AccountId account,
                                    CaseId before, int limit);

}  // namespace karez::accounts::store
