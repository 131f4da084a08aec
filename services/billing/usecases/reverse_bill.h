#pragma once

#include <string>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/store/bill_store.h"

namespace karez::billing::usecases {

// Takes an issued bill back (红冲): its transfers are reversed, what was paid on it becomes credit,
// and its consumption waits for the next run of its month. INVALID_ARGUMENT without a reason;
// NOT_FOUND "BILL_NOT_FOUND"; FAILED_PRECONDITION "BILL_REVERSED".
Result<store::BillRecord> ReverseBill(pg::Tx& tx, const Context& context, BillId id,
                                      const std::string& reason);

}  // namespace karez::billing::usecases
