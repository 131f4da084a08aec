// The facts that accounts publishes.
#pragma once

#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"

namespace karez::accounts::events {

// The whole state of the account, at its version.
pg::Fact AccountChanged(const Account& account);

}  // namespace karez::accounts::events
