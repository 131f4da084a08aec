// Payments and reversals: what is owed, what is credit, and the ledger behind both.
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/ledger_store.h"
#include "services/billing/tests/fixture.h"
#include "services/billing/usecases/collect_payment.h"
#include "services/billing/usecases/republish.h"
#include "services/billing/usecases/reverse_bill.h"

namespace karez::billing::tests {
namespace {

using ::testing::IsEmpty;

class PaymentUseTest : public BillingTest {
 protected:
  // Three bills of 50.00, 40.00 and 30.00 yuan.
  PaymentUseTest() {
    Publish();
    account_ = MakeAccount();
    Settle(account_, "2026-08", 10 * kM3);
    Settle(account_, "2026-09", 8 * kM3);
    Settle(account_, "2026-10", 6 * kM3);
    for (const char* month : {"2026-10", "2026-09", "2026-08"}) Bill(month);
  }

  Result<store::PaymentRecord> ReversePayment(const store::PaymentRecord& payment) {
    const Context context = Staff();
    return Run(context, [&](pg::Tx& tx) {
      return usecases::ReversePayment(tx, context, payment.payment.id, "wrong account");
    });
  }
  Result<store::BillRecord> ReverseBill(const std::string& month) {
    const Context context = Staff();
    return Run(context, [&](pg::Tx& tx) {
      return usecases::ReverseBill(tx, context, BillIdOf(account_.id, ParseMonth(month).value(), 1),
                                   "wrong reading");
    });
  }

  Account account_;
};

TEST_F(PaymentUseTest, TheOldestBillIsPaidFirst) {
  const auto paid = Pay(account_, 7'000);
  ASSERT_THAT(paid, Succeeds());
  ASSERT_EQ(paid->parts.size(), 2u);
  EXPECT_EQ(FormatMonth(paid->parts[0].month), "2026-08");
  EXPECT_EQ(paid->parts[0].amount_fen, 5'000);
  EXPECT_EQ(paid->parts[1].open_after_fen, 2'000);
  EXPECT_EQ(paid->payment.receipt_number, "R20261102-00001");
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 5'000);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, BadAmountsAreRefusedByName) {
  EXPECT_THAT(Pay(account_, 0), RefusesField("amount_fen"));
  EXPECT_THAT(Pay(account_, -1), RefusesField("amount_fen"));
  EXPECT_THAT(Pay(account_, kPaymentFenMax + 1, true), RefusesField("amount_fen"));
  const Context context = Staff();
  const auto barter = Run(context, [&](pg::Tx& tx) {
    return usecases::CollectPayment(tx, context,
                                    {.account_id = account_.id, .amount_fen = 1, .method = "goat"});
  });
  EXPECT_THAT(barter, RefusesField("method"));
  EXPECT_EQ(Count("payment"), 0);
}

TEST_F(PaymentUseTest, MoreThanTheArrearsBecomesCreditOnlyWhenAskedFor) {
  EXPECT_THAT(Pay(account_, 12'001),
              FailsWith(Code::kFailedPrecondition, "PAYMENT_EXCEEDS_ARREARS"));
  const auto paid = Pay(account_, 15'000, true);
  ASSERT_THAT(paid, Succeeds());
  EXPECT_EQ(paid->payment.credit_fen, 3'000);
  EXPECT_EQ(BalanceOf(account_).credit_fen, 3'000);
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 0);
  EXPECT_THAT(Pay(account_, 1), FailsWith(Code::kFailedPrecondition, "NOTHING_TO_PAY"));
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, CreditPaysTheNextBillWhenItIsIssued) {
  ASSERT_THAT(Pay(account_, 15'000, true), Succeeds());
  Settle(account_, "2026-11", 10 * kM3);
  Bill("2026-11");
  EXPECT_EQ(BalanceOf(account_).credit_fen, 0);
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 2'000);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, AReversedPaymentLeavesAllAsBefore) {
  const AccountBalance before = BalanceOf(account_);
  const auto paid = Pay(account_, 13'000, true);
  const auto reversed = ReversePayment(*paid);
  ASSERT_THAT(reversed, Succeeds());
  EXPECT_TRUE(reversed->reversed);
  EXPECT_EQ(reversed->reversed_reason, "wrong account");
  EXPECT_EQ(BalanceOf(account_).arrears_fen, before.arrears_fen);
  EXPECT_EQ(BalanceOf(account_).credit_fen, before.credit_fen);
  for (const auto& record : BillsOf(account_)) {
    EXPECT_EQ(record.state.open_fen, record.state.total_fen);
    EXPECT_EQ(record.state.kind, BillState::Kind::kIssued);
  }
  EXPECT_THAT(ReversePayment(*paid), FailsWith(Code::kFailedPrecondition, "PAYMENT_REVERSED"));
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, APaymentWhoseCreditIsUsedCannotBeReversed) {
  const auto paid = Pay(account_, 15'000, true);
  Settle(account_, "2026-11", 10 * kM3);
  Bill("2026-11");
  EXPECT_THAT(ReversePayment(*paid), FailsWith(Code::kFailedPrecondition, "CREDIT_ALREADY_USED"));
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, WhatWasPaidOnAReversedBillBecomesCredit) {
  ASSERT_THAT(Pay(account_, 7'000), Succeeds());
  const auto reversed = ReverseBill("2026-09");
  ASSERT_THAT(reversed, Succeeds());
  EXPECT_EQ(reversed->state.kind, BillState::Kind::kReversed);
  EXPECT_EQ(reversed->state.open_fen, 0);
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 3'000);
  EXPECT_EQ(BalanceOf(account_).credit_fen, 2'000);
  EXPECT_THAT(ReverseBill("2026-09"), FailsWith(Code::kFailedPrecondition, "BILL_REVERSED"));
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, APaymentOnAReversedBillIsReversedFromTheCredit) {
  const auto paid = Pay(account_, 7'000);
  ASSERT_THAT(ReverseBill("2026-09"), Succeeds());
  ASSERT_THAT(ReversePayment(*paid), Succeeds());
  EXPECT_EQ(BalanceOf(account_).credit_fen, 0);
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 8'000);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, AReversedBillIsBilledAgainByTheNextRun) {
  const auto before = BillsOf(account_);
  ASSERT_THAT(ReverseBill("2026-09"), Succeeds());
  EXPECT_EQ(Bill("2026-09").issued, 1);
  const auto after = BillsOf(account_);
  EXPECT_EQ(after.size(), before.size() + 1);
  EXPECT_EQ(BalanceOf(account_).arrears_fen, 12'000);
  for (const auto& record : after) {
    if (record.bill.sequence != 2) continue;
    EXPECT_EQ(record.bill.total_fen, 4'000);
    EXPECT_EQ(FormatMonth(record.bill.month), "2026-09");
  }
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(PaymentUseTest, ALedgerRowCannotBeChangedByTheService) {
  for (const char* statement :
       {"UPDATE billing.transfer SET amount_fen = 1", "DELETE FROM billing.transfer",
        "UPDATE billing.bill SET total_fen = 1", "DELETE FROM billing.payment"}) {
    EXPECT_THROW(database_.pool().RunTransaction({.tenant = kTenant},
                                                 [&](pg::Tx& tx) {
                                                   tx.Command(statement);
                                                   return true;
                                                 }),
                 pg::Failure)
        << statement;
  }
}

TEST_F(PaymentUseTest, CashIsTakenAtAnyBranchUnlessTheTenantForbidsIt) {
  const usecases::Cash cash{.account_id = account_.id, .amount_fen = 100, .method = "cash"};
  const auto collect = [&] {
    const Context elsewhere = Staff(kTenant, {BranchId::New()});
    return Run(elsewhere,
               [&](pg::Tx& tx) { return usecases::CollectPayment(tx, elsewhere, cash); });
  };
  EXPECT_THAT(collect(), Succeeds());
  settings_["billing.collect_any_branch"] = "false";
  EXPECT_THAT(collect(), FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
}

TEST_F(PaymentUseTest, AnotherUtilityCannotPayReverseOrSeeIt) {
  const auto paid = Pay(account_, 100);
  const Context other = Staff(kOther);
  const auto pay = Run(other, [&](pg::Tx& tx) {
    return usecases::CollectPayment(
        tx, other, {.account_id = account_.id, .amount_fen = 100, .method = "cash"});
  });
  EXPECT_THAT(pay, FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  const auto reverse = Run(other, [&](pg::Tx& tx) {
    return usecases::ReversePayment(tx, other, paid->payment.id, "mine");
  });
  EXPECT_THAT(reverse, FailsWith(Code::kNotFound, "PAYMENT_NOT_FOUND"));
  const auto seen = Get(other, [&](pg::Tx& tx) {
    return store::ListTransfers(tx, other, {}, std::nullopt, 100).size() +
           store::ListPayments(tx, other, std::nullopt, std::nullopt, 100).size() +
           static_cast<std::size_t>(store::Summarise(tx, other).bills);
  });
  EXPECT_EQ(seen, 0u);
}

TEST_F(PaymentUseTest, EverythingIsPublishedAgainAsItIs) {
  const auto paid = Pay(account_, 7'000);
  ASSERT_THAT(ReversePayment(*paid), Succeeds());
  database_.Sql("DELETE FROM billing.outbox");
  EXPECT_EQ(usecases::Republish(database_.pool(), Staff()), 5);
  EXPECT_EQ(Count("outbox WHERE agg_type = 'bill'"), 3);
  EXPECT_EQ(Count("outbox WHERE agg_type = 'payment' AND agg_version = 2"), 1);
  EXPECT_EQ(Count("outbox WHERE agg_type = 'balance'"), 1);
  EXPECT_EQ(usecases::Republish(database_.pool(), Staff(kOther)), 0);
}

TEST_F(PaymentUseTest, TheSummaryAddsUp) {
  ASSERT_THAT(Pay(account_, 13'000, true), Succeeds());
  const Context context = Staff();
  const auto summary = Get(context, [&](pg::Tx& tx) { return store::Summarise(tx, context); });
  EXPECT_EQ(summary.bills, 3);
  EXPECT_EQ(summary.billed_fen, 12'000);
  EXPECT_EQ(summary.collected_fen, 13'000);
  EXPECT_EQ(summary.arrears_fen, 0);
  EXPECT_EQ(summary.credit_fen, 1'000);
}

}  // namespace
}  // namespace karez::billing::tests
