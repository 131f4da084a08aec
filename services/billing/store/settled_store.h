// Settled consumption: a projection of the events of metering, and what each line has become here.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill.h"

namespace karez::billing::store {

// Applies a newer version. FAILED_PRECONDITION "SETTLED_LINE_BILLED" when it says another volume
// than the one a bill already took.
Result<void> ApplySettledLine(pg::Tx& tx, const Context& context, const SettledLine& line);

// Anything settled for the month.
bool IsSettled(pg::Tx& tx, const Context& context, Month month);
std::int64_t CountPendingAccounts(pg::Tx& tx, const Context& context, Month month);
// Accounts after `after` with lines not billed yet, in the order of their ids. `decided`: only
// those about which a person has decided.
std::vector<AccountId> PendingAccounts(pg::Tx& tx, const Context& context, Month month,
                                       AccountId after, bool decided, int limit);
// By account, interim lines before the month's, then by meter.
std::map<AccountId, std::vector<SettledLine>> PendingLines(pg::Tx& tx, const Context& context,
                                                           Month month,
                                                           const std::vector<AccountId>& accounts);
// What each of up to three months before was settled at.
std::map<AccountId, std::vector<std::int64_t>> VolumesBefore(
    pg::Tx& tx, const Context& context, Month month, const std::vector<AccountId>& accounts);

// Bills take their lines themselves (InsertBills).
void MarkSkipped(pg::Tx& tx, const Context& context, const std::vector<SettledLineId>& lines);
// The bill is taken back: its lines wait again.
void Release(pg::Tx& tx, const Context& context, BillId bill);

}  // namespace karez::billing::store
