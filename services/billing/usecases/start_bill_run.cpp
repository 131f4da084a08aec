#include "services/billing/usecases/start_bill_run.h"

#include "karez/billing/v1/billing.pb.h"

#include "services/billing/store/run_store.h"
#include "services/billing/store/settled_store.h"

namespace karez::billing::usecases {
namespace {

tl::unexpected<Error> RefuseTwin(Month month) {
  return Fail(Code::kAlreadyExists, "BILL_RUN_ACTIVE",
              "A bill run of " + FormatMonth(month) + " is under way. Wait until it ends.",
              {{"month", FormatMonth(month)}});
}

}  // namespace

Result<BillRun> StartBillRun(pg::Tx& tx, const Context& context, Month month) {
  if (!store::IsSettled(tx, context, month)) {
    return Fail(Code::kFailedPrecondition, "MONTH_NOT_SETTLED",
                "Nothing is settled for " + FormatMonth(month) + ". Settle the month first.",
                {{"month", FormatMonth(month)}});
  }
  if (store::ActiveRun(tx, context, month)) return RefuseTwin(month);
  v1::StartBillRunRequest request;
  request.set_month(FormatMonth(month));
  const RunId id = RunId::New();
  karez::jobs::Begin(tx, context, kBillRunKind, request,
                     store::CountPendingAccounts(tx, context, month),
                     karez::jobs::OperationId(id.value()));
  if (!store::InsertRun(tx, context, id, month)) return RefuseTwin(month);
  return store::GetRun(tx, context, id);
}

}  // namespace karez::billing::usecases
