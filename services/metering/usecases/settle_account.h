// Interim settlement of one account up to its last readings (opening, checking out).
#pragma once

#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/settlement.h"

namespace karez::metering::usecases {

// The new lines, one a meter that has moved on. NOT_FOUND: ACCOUNT_NOT_FOUND. FAILED_PRECONDITION:
// NO_NEW_READING.
Result<std::vector<domain::Line>> SettleAccount(pg::Tx& tx, const Context& context,
                                                domain::AccountId account);

}  // namespace karez::metering::usecases
