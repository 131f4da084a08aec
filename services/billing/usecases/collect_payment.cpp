#include "services/billing/usecases/collect_payment.h"

#include "libs/base/money.h"
#include "libs/pg/numbers.h"
#include "services/billing/events/facts.h"
#include "services/billing/store/account_store.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/ledger_store.h"
#include "services/billing/usecases/reason.h"

namespace karez::billing::usecases {
namespace {

bool AnyBranch(const Context& context) {
  return context.tenant().Setting("billing.collect_any_branch", "true") != "false";
}

// Parts of the payment as allocations and transfers.
struct Put {
  std::vector<BillState> bills;  // those that took something
  std::vector<Allocation> allocations;
  std::vector<Transfer> transfers;
  std::int64_t amount_fen = 0;
};

Put PutOnBills(std::vector<BillState> bills, const Payment& payment, const Booking& booking) {
  Put put;
  put.transfers.push_back(Book(booking, "received", kCash, kUnapplied, payment.amount_fen));
  for (const Part& part : AllocateOldestFirst(bills, payment.amount_fen)) {
    BillState& bill = bills[part.bill];
    ++bill.version;
    put.amount_fen += part.amount_fen;
    put.transfers.push_back(
        Book(booking, bill.id.str(), kUnapplied, kReceivable, part.amount_fen, bill.id));
    put.allocations.push_back({.id = AllocationId(Uuid::V5(payment.id.value(), bill.id.str())),
                               .payment_id = payment.id,
                               .bill_id = bill.id,
                               .account_id = payment.account_id,
                               .amount_fen = part.amount_fen,
                               .open_after_fen = bill.open_fen,
                               .time = payment.time});
    put.bills.push_back(bill);
  }
  return put;
}

Booking BookingOf(const Context& context, const char* cause, const Payment& payment) {
  return {.cause = cause,
          .cause_id = payment.id.value(),
          .account_id = payment.account_id,
          .time = context.Now(),
          .accounting_date = context.Today()};
}

void PublishAll(pg::Tx& tx, const std::vector<BillState>& bills, const Payment& payment,
                bool reversed, const AccountBalance& balance) {
  std::vector<pg::Fact> facts;
  for (const BillState& bill : bills) facts.push_back(events::BillChanged(bill));
  facts.push_back(events::PaymentChanged(payment, reversed));
  facts.push_back(events::BalanceChanged(balance));
  tx.PublishAll(facts);
}

}  // namespace

Result<void> CheckCash(const Cash& cash, Violations& bad) {
  if (cash.amount_fen <= 0 || cash.amount_fen > kPaymentFenMax) {
    bad.Add("amount_fen", "Must be from 1 to 10000000000 fen (100000000.00 yuan).");
  }
  if (cash.method != kMethodCash) bad.Add("method", "Must be \"cash\", the only one yet.");
  return bad.Check();
}

Result<store::PaymentRecord> CollectPayment(pg::Tx& tx, const Context& context, const Cash& cash) {
  Violations bad;
  RETURN_IF_ERROR(CheckCash(cash, bad));
  ASSIGN_OR_RETURN(const Account account,
                   store::FindAccount(
                       tx, context, cash.account_id,
                       AnyBranch(context) ? store::Reach::kAnyBranch : store::Reach::kOwnBranches));
  AccountBalance balance = store::LockBalance(tx, context, account.id);
  RETURN_IF_ERROR(CheckPayment({.amount_fen = cash.amount_fen,
                                .arrears_fen = balance.arrears_fen,
                                .keep_surplus_as_credit = cash.keep_surplus_as_credit,
                                .account_open = account.open}));
  Payment payment{
      .id = PaymentId::New(),
      .receipt_number = pg::NextNumber(tx, context, "receipt", "R{yyyy}{MM}{dd}-{seq:5}"),
      .account_id = account.id,
      .amount_fen = cash.amount_fen,
      .method = cash.method,
      .cashier = context.principal().subject,
      .cashier_name = context.principal().name,
      .time = context.Now()};
  const Put put = PutOnBills(store::OpenBills(tx, context, account.id), payment,
                             BookingOf(context, kCausePayment, payment));
  payment.credit_fen = payment.amount_fen - put.amount_fen;
  balance.arrears_fen -= put.amount_fen;
  ASSIGN_OR_RETURN(balance.credit_fen, AddExact(balance.credit_fen, payment.credit_fen));
  ++balance.version;

  store::InsertPayment(tx, context, payment);
  store::InsertAllocations(tx, context, put.allocations);
  store::InsertTransfers(tx, context, put.transfers);
  store::UpdateStates(tx, context, put.bills);
  store::SaveBalances(tx, context, {balance});
  PublishAll(tx, put.bills, payment, false, balance);
  return store::GetPayment(tx, context, payment.id, store::PaymentReach::kAnyBranch);
}

Result<store::PaymentRecord> ReversePayment(pg::Tx& tx, const Context& context, PaymentId id,
                                            const std::string& reason) {
  RETURN_IF_ERROR(CheckReason(reason));
  const auto reach =
      AnyBranch(context) ? store::PaymentReach::kAnyBranch : store::PaymentReach::kOwnBranches;
  ASSIGN_OR_RETURN(const auto before, store::GetPayment(tx, context, id, reach));
  const Payment& payment = before.payment;
  AccountBalance balance = store::LockBalance(tx, context, payment.account_id);
  ASSIGN_OR_RETURN(const auto now, store::GetPayment(tx, context, id, reach));
  if (now.reversed) {
    return Fail(Code::kFailedPrecondition, "PAYMENT_REVERSED", "The payment is reversed already.");
  }
  const auto allocations = store::StandingAllocationsOf(tx, context, id);
  std::vector<BillId> ids;
  std::map<BillId, std::int64_t> amounts;
  std::int64_t reopened_fen = 0;
  for (const Allocation& allocation : allocations) {
    ids.push_back(allocation.bill_id);
    amounts[allocation.bill_id] += allocation.amount_fen;
    reopened_fen += allocation.amount_fen;
  }
  // What stands on no bill any more lies in the credit.
  const std::int64_t from_credit_fen = payment.amount_fen - reopened_fen;
  if (balance.credit_fen < from_credit_fen) {
    return Fail(Code::kFailedPrecondition, "CREDIT_ALREADY_USED",
                FormatFen(from_credit_fen) +
                    " yuan of the payment became credit that later bills have used. Reverse those "
                    "bills first.",
                {{"credit_fen", std::to_string(balance.credit_fen)},
                 {"needed_fen", std::to_string(from_credit_fen)}});
  }
  auto bills = store::FindStates(tx, context, ids);
  for (BillState& bill : bills) {
    bill.Reopen(amounts.at(bill.id));
    ++bill.version;
  }
  balance.arrears_fen += reopened_fen;
  balance.credit_fen -= from_credit_fen;
  ++balance.version;

  std::vector<Transfer> transfers;
  const Booking booking = BookingOf(context, kCausePaymentReversal, payment);
  for (const Transfer& transfer : store::StandingTransfers(tx, context, id.value())) {
    transfers.push_back(BookReversal(booking, transfer));
  }
  store::InsertTransfers(tx, context, transfers);
  store::ReverseAllocations(tx, context, allocations);
  store::InsertPaymentReversal(tx, context, id, reason);
  store::UpdateStates(tx, context, bills);
  store::SaveBalances(tx, context, {balance});
  PublishAll(tx, bills, payment, true, balance);
  return store::GetPayment(tx, context, id, store::PaymentReach::kAnyBranch);
}

}  // namespace karez::billing::usecases
