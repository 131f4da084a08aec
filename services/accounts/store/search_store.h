// The token table behind the search box, and what a hit shows.
#pragma once

#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/search.h"

namespace karez::accounts::store {

// The tokens of an account become exactly these.
void ReplaceTokens(pg::Tx& tx, const Context& context, const Account& account,
                   const std::vector<SearchToken>& tokens);
// Of an account that is new.
void InsertTokens(pg::Tx& tx, const Context& context, const Account& account,
                  const std::vector<SearchToken>& tokens);

// Accounts in scope with a token that begins with `prefix` (or is it), in the order of tokens, that
// match every word of `others` too.
std::vector<AccountId> FindByPrefix(pg::Tx& tx, const Context& context, const std::string& prefix,
                                    const std::vector<SearchWord>& others, int limit);
std::vector<AccountId> FindByToken(pg::Tx& tx, const Context& context, const std::string& token,
                                   const std::vector<SearchWord>& others, int limit);

struct Hit {
  AccountId account_id;
  std::string number;
  std::string customer_name;
  std::string address;
  std::string phone;  // in the clear: the way out masks it
  std::vector<std::string> meter_numbers;
  std::int64_t arrears_fen = 0;
  Account::State state = Account::State::kOpen;
};
// One for each id, in the order of `ids`.
Result<std::vector<Hit>> LoadHits(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                  const std::vector<AccountId>& ids);

}  // namespace karez::accounts::store
