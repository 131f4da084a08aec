// The 360° page of an account.
#pragma once

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account_view.h"

namespace karez::accounts::usecases {

// NOT_FOUND ACCOUNT_NOT_FOUND. The customer is in the clear: the way out masks it.
Result<AccountView> LoadAccountView(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                    AccountId id);

}  // namespace karez::accounts::usecases
