// Water accounts as billing knows them: a projection of the events of accounts.
#pragma once

#include <map>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill.h"

namespace karez::billing::store {

// Applies a newer version; an older one changes nothing.
void ApplyAccount(pg::Tx& tx, const Context& context, const Account& account);

enum class Reach { kOwnBranches, kAnyBranch };
// NOT_FOUND "ACCOUNT_NOT_FOUND", also for one outside the caller's branches.
Result<Account> FindAccount(pg::Tx& tx, const Context& context, AccountId id,
                            Reach reach = Reach::kOwnBranches);

// For jobs: whatever the branch.
std::map<AccountId, Account> FindAccounts(pg::Tx& tx, const Context& context,
                                          const std::vector<AccountId>& ids);

}  // namespace karez::billing::store
