// Transfers: rows are added, never changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/ledger.h"

namespace karez::billing::store {

void InsertTransfers(pg::Tx& tx, const Context& context, const std::vector<Transfer>& transfers);

// What a bill or payment caused and nothing has reversed since; oldest first.
std::vector<Transfer> StandingTransfers(pg::Tx& tx, const Context& context, const Uuid& cause_id);
// The same for what was put on a bill: from unapplied money to its receivable.
std::vector<Transfer> StandingAllocations(pg::Tx& tx, const Context& context, BillId bill);

struct TransferFilter {
  std::optional<AccountId> account;
  std::optional<Uuid> cause_id;
};
struct TransferKey {
  Instant time;
  TransferId id;
};
// Oldest first, of the caller's branches.
std::vector<Transfer> ListTransfers(pg::Tx& tx, const Context& context,
                                    const TransferFilter& filter,
                                    const std::optional<TransferKey>& after, int limit);

}  // namespace karez::billing::store
