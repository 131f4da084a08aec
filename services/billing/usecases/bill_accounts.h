#pragma once

#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/bill.h"
#include "services/billing/domain/bill_run.h"

namespace karez::billing::usecases {

inline constexpr int kAccountsPerStep = 200;

struct Batch {
  Month month{};
  Instant issue_time{};  // of the run, so that a run started again gives the same bills
  std::vector<AccountId> accounts{};  // at most kAccountsPerStep
  // True: people have decided about these since the run held them.
  bool decided = false;
};

// Bills what is settled and not billed of these accounts, each in its own bill; holds what a person
// must look at. Adds what came of it to `run`.
void BillAccounts(pg::Tx& tx, const Context& context, const Batch& batch, BillRun& run);

}  // namespace karez::billing::usecases
