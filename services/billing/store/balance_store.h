// What accounts owe and have to their credit. Whatever changes money of an account locks its row
// here first.
#pragma once

#include <map>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/payment.h"

namespace karez::billing::store {

// Locks in the order of the ids; makes zero rows where there are none.
std::map<AccountId, AccountBalance> LockBalances(pg::Tx& tx, const Context& context,
                                                 std::vector<AccountId> accounts);
AccountBalance LockBalance(pg::Tx& tx, const Context& context, AccountId account);
// Without a lock; zero where there is no row.
AccountBalance GetBalance(pg::Tx& tx, const Context& context, AccountId account);
// Those that were ever published, after `after`, in the order of the ids.
std::vector<AccountBalance> BalancesAfter(pg::Tx& tx, const Context& context, AccountId after,
                                          int limit);
void SaveBalances(pg::Tx& tx, const Context& context, const std::vector<AccountBalance>& balances);

}  // namespace karez::billing::store
