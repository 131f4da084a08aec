// Water accounts with their meter bindings. Out of the caller's scope reads as not found.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"

namespace karez::accounts::store {

// NOT_FOUND ACCOUNT_NOT_FOUND.
Result<Account> FindAccount(pg::Tx& tx, const Context& context, AccountId id);
// As FindAccount, held until the end of the transaction.
Result<Account> LockAccount(pg::Tx& tx, const Context& context, AccountId id);

// By account number, after that number.
std::vector<Account> ListAccounts(pg::Tx& tx, const Context& context, const std::string& after,
                                  int limit);

// The account a file's row is about, whatever its branch; held.
std::optional<AccountId> LockByNumber(pg::Tx& tx, const Context& context,
                                      const std::string& number);
std::optional<AccountId> LockByImportKey(pg::Tx& tx, const Context& context, const Uuid& key);
bool IsNumberTaken(pg::Tx& tx, const Context& context, const std::string& number);

// With its bindings.
void InsertAccount(pg::Tx& tx, const Context& context, const Account& account,
                   const std::optional<Uuid>& import_key);
// Household, state and close date; raises account.version.
void UpdateAccount(pg::Tx& tx, const Context& context, Account& account);
void InsertBindings(pg::Tx& tx, const Context& context, AccountId account,
                    const std::vector<MeterBinding>& bindings);
void EndBinding(pg::Tx& tx, const Context& context, const MeterBinding& binding);

// Its name. NOT_FOUND BRANCH_NOT_FOUND, also for a branch out of the caller's scope.
Result<std::string> FindBranch(pg::Tx& tx, const Context& context, BranchId id);
std::optional<BranchId> FindBranchByCode(pg::Tx& tx, const Context& context,
                                         const std::string& code);

}  // namespace karez::accounts::store
