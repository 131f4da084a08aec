#pragma once

#include "libs/base/context.h"
#include "libs/jobs/operation.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill_run.h"

namespace karez::billing::usecases {

// Kind of the operation; its id is the run's.
inline constexpr char kBillRunKind[] = "billing.run";

// Begins billing the settled consumption of a month. FAILED_PRECONDITION "MONTH_NOT_SETTLED",
// ALREADY_EXISTS "BILL_RUN_ACTIVE".
Result<BillRun> StartBillRun(pg::Tx& tx, const Context& context, Month month);

}  // namespace karez::billing::usecases
