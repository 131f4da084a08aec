// Changes of an open account, each by a business case: registered persons, meters, closing. A
// change that is there already writes nothing. NOT_FOUND ACCOUNT_NOT_FOUND, also out of scope.
#pragma once

#include <string>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"

namespace karez::accounts::usecases {

// FAILED_PRECONDITION ACCOUNT_CLOSED.
Result<Account> ChangeHousehold(pg::Tx& tx, const Context& context, AccountId id, int size,
                                const std::string& note);

// NOT_FOUND METER_NOT_FOUND; FAILED_PRECONDITION ACCOUNT_CLOSED, METER_BOUND, METER_INACTIVE.
Result<Account> BindMeter(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                          AccountId id, const NewBinding& wanted);

struct MeterEnd {
  MeterId meter_id;
  std::int64_t to_ml = 0;
  Instant to_time;
};
// FAILED_PRECONDITION METER_NOT_BOUND.
Result<Account> UnbindMeter(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                            AccountId id, const MeterEnd& end);

// FAILED_PRECONDITION ACCOUNT_HAS_METERS, ACCOUNT_HAS_ARREARS.
Result<Account> CloseAccount(pg::Tx& tx, const Context& context, AccountId id,
                             const std::string& note);

}  // namespace karez::accounts::usecases
