// The bill run: some accounts a transaction, so that a process killed anywhere goes on where it was
// and each bill is issued once.
#pragma once

#include "libs/jobs/runner.h"

namespace karez::billing::jobs {

void RunBills(karez::jobs::Runner& runner);

// One step: the next accounts of the month in the order of their ids; after the last, those about
// which people have decided in the meantime.
Result<karez::jobs::Progress> BillRunStep(pg::Tx& tx, const Context& context,
                                          karez::jobs::Operation& operation);

}  // namespace karez::billing::jobs
