#include "services/billing/usecases/reverse_bill.h"

#include "services/billing/events/facts.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/ledger_store.h"
#include "services/billing/store/payment_store.h"
#include "services/billing/store/settled_store.h"
#include "services/billing/usecases/reason.h"

namespace karez::billing::usecases {
namespace {

// The issue of the bill, and what was put on it since.
std::vector<Transfer> ReversedTransfers(pg::Tx& tx, const Context& context, const Bill& bill) {
  const Booking booking{.cause = kCauseBillReversal,
                        .cause_id = bill.id.value(),
                        .account_id = bill.account.id,
                        .time = context.Now(),
                        .accounting_date = context.Today()};
  std::vector<Transfer> out;
  for (const Transfer& transfer : store::StandingTransfers(tx, context, bill.id.value())) {
    if (transfer.cause == kCauseBill) out.push_back(BookReversal(booking, transfer));
  }
  for (const Transfer& transfer : store::StandingAllocations(tx, context, bill.id)) {
    out.push_back(BookReversal(booking, transfer));
  }
  return out;
}

}  // namespace

Result<store::BillRecord> ReverseBill(pg::Tx& tx, const Context& context, BillId id,
                                      const std::string& reason) {
  RETURN_IF_ERROR(CheckReason(reason));
  ASSIGN_OR_RETURN(const store::BillRecord before, store::GetBill(tx, context, id));
  AccountBalance balance = store::LockBalance(tx, context, before.bill.account.id);
  ASSIGN_OR_RETURN(store::BillRecord record, store::GetBill(tx, context, id));  // as it is now
  const Bill& bill = record.bill;
  const std::int64_t open_fen = record.state.open_fen;
  RETURN_IF_ERROR(record.state.Reverse());
  ++record.state.version;
  record.reversed_reason = reason;

  balance.arrears_fen -= open_fen;
  balance.credit_fen += bill.total_fen - open_fen;
  balance.carry_ml += bill.carried_in_ml - bill.carried_out_ml;
  ++balance.version;

  store::InsertTransfers(tx, context, ReversedTransfers(tx, context, bill));
  store::ReverseAllocations(tx, context, store::StandingAllocationsOn(tx, context, id));
  store::InsertReversal(tx, context, id, reason);
  store::Release(tx, context, id);
  store::UpdateStates(tx, context, {record.state});
  store::SaveBalances(tx, context, {balance});
  tx.PublishAll({events::BillChanged(record.state), events::BalanceChanged(balance)});
  return record;
}

}  // namespace karez::billing::usecases
