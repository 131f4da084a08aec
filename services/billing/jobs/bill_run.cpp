#include "services/billing/jobs/bill_run.h"

#include "services/billing/store/run_store.h"
#include "services/billing/store/settled_store.h"
#include "services/billing/usecases/bill_accounts.h"
#include "services/billing/usecases/start_bill_run.h"

namespace karez::billing::jobs {
namespace {

// Steps as the user interface knows them.
constexpr char kBilling[] = "billing";
constexpr char kDecisions[] = "decisions";

}  // namespace

Result<karez::jobs::Progress> BillRunStep(pg::Tx& tx, const Context& context,
                                          karez::jobs::Operation& operation) {
  ASSIGN_OR_RETURN(BillRun run, store::GetRun(tx, context, RunId(operation.id.value())));
  if (operation.step.empty()) operation.step = kBilling;
  const bool decided = operation.step == kDecisions;
  AccountId after;
  if (!operation.cursor.empty()) {
    ASSIGN_OR_RETURN(after, AccountId::Parse(operation.cursor));
  }
  usecases::Batch batch{.month = run.month,
                        .issue_time = operation.created_at,
                        .accounts = store::PendingAccounts(tx, context, run.month, after, decided,
                                                           usecases::kAccountsPerStep),
                        .decided = decided};
  if (batch.accounts.empty()) {
    if (decided) return karez::jobs::Progress::kDone;
    operation.step = kDecisions;
    operation.cursor.clear();
    return karez::jobs::Progress::kMore;
  }
  usecases::BillAccounts(tx, context, batch, run);
  store::SaveRun(tx, context, run);
  operation.cursor = batch.accounts.back().str();
  if (!decided) operation.done += static_cast<std::int64_t>(batch.accounts.size());
  return karez::jobs::Progress::kMore;
}

void RunBills(karez::jobs::Runner& runner) { runner.On(usecases::kBillRunKind, BillRunStep); }

}  // namespace karez::billing::jobs
