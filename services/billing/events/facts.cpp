#include "services/billing/events/facts.h"

#include "karez/billing/v1/events.pb.h"

#include "libs/events/fact.h"
#include "libs/rpc/status.h"

namespace karez::billing::events {

pg::Fact BillChanged(const BillState& bill) {
  v1::BillChanged out;
  out.set_bill_id(bill.id.str());
  out.set_number(bill.number);
  out.set_account_id(bill.account_id.str());
  out.set_month(FormatMonth(bill.month));
  out.set_volume_ml(bill.volume_ml);
  out.set_total_fen(bill.total_fen);
  out.set_open_fen(bill.open_fen);
  switch (bill.kind) {
    case BillState::Kind::kIssued:
      out.set_state(v1::BillChanged::STATE_ISSUED);
      break;
    case BillState::Kind::kPaid:
      out.set_state(v1::BillChanged::STATE_PAID);
      break;
    case BillState::Kind::kReversed:
      out.set_state(v1::BillChanged::STATE_REVERSED);
      break;
  }
  *out.mutable_issue_time() = rpc::ToProto(bill.issue_time);
  out.set_due_date(FormatDate(bill.due_date));
  out.set_version(bill.version);
  return karez::events::MakeFact("bill", bill.id.value(), bill.version, out);
}

pg::Fact PaymentChanged(const Payment& payment, bool reversed) {
  const std::int64_t version = reversed ? 2 : 1;
  v1::PaymentChanged out;
  out.set_payment_id(payment.id.str());
  out.set_receipt_number(payment.receipt_number);
  out.set_account_id(payment.account_id.str());
  out.set_amount_fen(payment.amount_fen);
  out.set_method(payment.method);
  out.set_cashier_name(payment.cashier_name);
  *out.mutable_time() = rpc::ToProto(payment.time);
  out.set_reversed(reversed);
  out.set_version(version);
  return karez::events::MakeFact("payment", payment.id.value(), version, out);
}

pg::Fact BalanceChanged(const AccountBalance& balance) {
  v1::BalanceChanged out;
  out.set_account_id(balance.account_id.str());
  out.set_arrears_fen(balance.arrears_fen);
  out.set_credit_fen(balance.credit_fen);
  out.set_version(balance.version);
  return karez::events::MakeFact("balance", balance.account_id.value(), balance.version, out);
}

}  // namespace karez::billing::events
