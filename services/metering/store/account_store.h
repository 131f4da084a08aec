// Which meter serves which account: a projection of the facts of accounts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/settlement.h"

namespace karez::metering::store {

struct Account {
  domain::AccountId id;
  std::string number;
  BranchId branch_id;
  std::int64_t version = 0;
};

// False, and nothing happens, when a newer version is there already.
bool SaveAccount(pg::Tx& tx, const Context& context, const Account& account);
void SaveBindings(pg::Tx& tx, const Context& context, domain::AccountId account,
                  const std::vector<domain::Binding>& bindings);

// NOT_FOUND: ACCOUNT_NOT_FOUND, also when it is out of scope. Locks the row.
Result<Account> LockAccount(pg::Tx& tx, const Context& context, domain::AccountId id);

}  // namespace karez::metering::store
