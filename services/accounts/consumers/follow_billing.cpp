#include "services/accounts/consumers/follow_billing.h"

#include "karez/billing/v1/events.pb.h"

#include "libs/rpc/status.h"
#include "services/accounts/usecases/keep_facts.h"

namespace karez::accounts::consumers {
namespace {

namespace pb = billing::v1;
using karez::events::Message;

Result<std::string> StateName(pb::BillChanged::State state) {
  switch (state) {
    case pb::BillChanged::STATE_ISSUED:
      return "issued";
    case pb::BillChanged::STATE_PAID:
      return "paid";
    case pb::BillChanged::STATE_REVERSED:
      return "reversed";
    default:
      return Fail(Code::kDataLoss, "EVENT_MALFORMED", "The bill has a state unknown here.");
  }
}

Result<BillView> FromProto(const pb::BillChanged& event) {
  BillView out;
  ASSIGN_OR_RETURN(out.bill_id, Uuid::Parse(event.bill_id()));
  ASSIGN_OR_RETURN(out.account_id, AccountId::Parse(event.account_id()));
  out.number = event.number();
  out.month = event.month();
  out.volume_ml = event.volume_ml();
  out.total_fen = event.total_fen();
  out.open_fen = event.open_fen();
  ASSIGN_OR_RETURN(out.state, StateName(event.state()));
  ASSIGN_OR_RETURN(out.issue_time, rpc::FromProto(event.issue_time()));
  out.due_date = event.due_date();
  out.version = event.version();
  return out;
}

Result<PaymentView> FromProto(const pb::PaymentChanged& event) {
  PaymentView out;
  ASSIGN_OR_RETURN(out.payment_id, Uuid::Parse(event.payment_id()));
  ASSIGN_OR_RETURN(out.account_id, AccountId::Parse(event.account_id()));
  out.receipt_number = event.receipt_number();
  out.amount_fen = event.amount_fen();
  out.method = event.method();
  out.cashier_name = event.cashier_name();
  ASSIGN_OR_RETURN(out.time, rpc::FromProto(event.time()));
  out.reversed = event.reversed();
  out.version = event.version();
  return out;
}

Result<BalanceView> FromProto(const pb::BalanceChanged& event) {
  BalanceView out;
  ASSIGN_OR_RETURN(out.account_id, AccountId::Parse(event.account_id()));
  out.arrears_fen = event.arrears_fen();
  out.credit_fen = event.credit_fen();
  out.version = event.version();
  return out;
}

}  // namespace

void FollowBilling(karez::events::Consumer& consumer, const std::string& topic) {
  consumer.On<pb::BillChanged>(topic,
                               [](pg::Tx& tx, const Context& context, const pb::BillChanged& event,
                                  const Message&) -> Result<void> {
                                 ASSIGN_OR_RETURN(const auto bill, FromProto(event));
                                 usecases::KeepBill(tx, context, bill);
                                 return {};
                               });
  consumer.On<pb::PaymentChanged>(
      topic,
      [](pg::Tx& tx, const Context& context, const pb::PaymentChanged& event,
         const Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const auto payment, FromProto(event));
        usecases::KeepPayment(tx, context, payment);
        return {};
      });
  consumer.On<pb::BalanceChanged>(
      topic,
      [](pg::Tx& tx, const Context& context, const pb::BalanceChanged& event,
         const Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const auto balance, FromProto(event));
        usecases::KeepBalance(tx, context, balance);
        return {};
      });
}

}  // namespace karez::accounts::consumers
