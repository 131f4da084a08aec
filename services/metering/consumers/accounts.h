// Which meter serves which account, from the facts of accounts.
#pragma once

#include "karez/accounts/v1/events.pb.h"

#include "libs/base/context.h"
#include "libs/pg/tx.h"

namespace karez::metering::consumers {

Result<void> OnAccountChanged(pg::Tx& tx, const Context& context,
                              const accounts::v1::AccountChanged& event);

}  // namespace karez::metering::consumers
