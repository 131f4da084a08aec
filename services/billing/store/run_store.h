// Bill runs: what each has issued, held, left out. Their progress is the operation's of the same
// id.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/context.h"
#include "libs/jobs/operation.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill_run.h"

namespace karez::billing::store {

// A run of the month that has not ended.
std::optional<RunId> ActiveRun(pg::Tx& tx, const Context& context, Month month);
// False when another run of the month was begun at the same moment.
bool InsertRun(pg::Tx& tx, const Context& context, RunId id, Month month);
// NOT_FOUND "BILL_RUN_NOT_FOUND".
Result<BillRun> GetRun(pg::Tx& tx, const Context& context, RunId id);
void SaveRun(pg::Tx& tx, const Context& context, const BillRun& run);
// Newest first; `after`: the last one's id.
std::vector<BillRun> ListRuns(pg::Tx& tx, const Context& context, std::optional<RunId> after,
                              int limit);

}  // namespace karez::billing::store
