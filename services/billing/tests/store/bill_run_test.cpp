// The bill run over settled consumption: review in front, each bill exactly once.
#include "services/billing/jobs/bill_run.h"

#include <chrono>
#include <iostream>

#include "services/billing/store/bill_store.h"
#include "services/billing/store/review_store.h"
#include "services/billing/store/settled_store.h"
#include "services/billing/tests/fixture.h"
#include "services/billing/usecases/decide_review.h"
#include "services/billing/usecases/reverse_bill.h"

namespace karez::billing::tests {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BillRunTest : public BillingTest {
 protected:
  std::vector<store::ReviewRecord> Items(bool open_only = true, TenantId tenant = kTenant) {
    const Context context = Staff(tenant);
    return Get(context, [&](pg::Tx& tx) {
      return store::ListItems(tx, context, std::nullopt, open_only, std::nullopt, 100);
    });
  }
  Result<store::ReviewRecord> Decide(const ReviewItem& item, Decision decision,
                                     std::int64_t volume_ml = 0) {
    const Context context = Staff();
    return Run(context, [&](pg::Tx& tx) {
      return usecases::DecideReview(
          tx, context,
          {.id = item.id, .decision = decision, .volume_ml = volume_ml, .note = "looked at it"});
    });
  }
};

TEST_F(BillRunTest, BillsWhatIsSettledLineByLine) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 12'345'678);
  const BillRun run = Bill("2026-10");
  EXPECT_EQ(run.issued, 1);
  EXPECT_EQ(run.issued_fen, 6'000);
  const auto record = OnlyBill(account);
  EXPECT_EQ(record.bill.volume_ml, 12 * kM3);
  EXPECT_EQ(record.bill.carried_out_ml, 345'678);
  EXPECT_EQ(record.bill.lines.size(), 3u);
  EXPECT_EQ(record.bill.meters.size(), 1u);
  EXPECT_EQ(record.bill.account.customer_name, "Test Person");
  EXPECT_EQ(record.state.open_fen, 6'000);
  EXPECT_EQ(FormatDate(record.bill.due_date), "2026-11-17");
  EXPECT_EQ(BalanceOf(account).arrears_fen, 6'000);
  EXPECT_EQ(Count("transfer"), 3);
  EXPECT_EQ(Count("outbox WHERE type = 'karez.billing.v1.BillChanged'"), 1);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(BillRunTest, AMonthIsBilledOnceHoweverOftenItRuns) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 12 * kM3);
  EXPECT_EQ(Bill("2026-10").issued, 1);
  EXPECT_EQ(Bill("2026-10").issued, 0);
  EXPECT_EQ(Count("bill"), 1);
}

TEST_F(BillRunTest, AStepThatIsRolledBackLeavesNothingAndIsDoneAgain) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 12 * kM3);
  const RunId run = Start("2026-10")->id;
  const Context context = Staff();
  // As when the process is killed before the commit.
  database_.pool().RunTransaction({.tenant = kTenant}, [&](pg::Tx& tx) {
    auto operation = karez::jobs::Get(tx, context, karez::jobs::OperationId(run.value()));
    EXPECT_THAT(jobs::BillRunStep(tx, context, *operation), Succeeds());
    return false;
  });
  EXPECT_EQ(Count("bill"), 0);
  EXPECT_EQ(Count("outbox"), 0);
  clock_.Advance(std::chrono::hours(30));
  while (Step(run)) {
  }
  const auto record = OnlyBill(account);
  EXPECT_EQ(record.bill.id, BillIdOf(account.id, ParseMonth("2026-10").value(), 1));
  EXPECT_EQ(record.bill.number, "B202611-000001");
  EXPECT_EQ(FormatInstant(record.bill.issue_time), "2026-11-02T02:00:00Z");  // the run's
}

TEST_F(BillRunTest, OnlyOneRunOfAMonthIsActive) {
  Settle(MakeAccount(), "2026-10", kM3);
  ASSERT_THAT(Start("2026-10"), Succeeds());
  EXPECT_THAT(Start("2026-10"), FailsWith(Code::kAlreadyExists, "BILL_RUN_ACTIVE"));
}

TEST_F(BillRunTest, AMonthWithoutSettlementIsRefused) {
  EXPECT_THAT(Start("2026-10"), FailsWith(Code::kFailedPrecondition, "MONTH_NOT_SETTLED"));
}

TEST_F(BillRunTest, RemaindersAndTierCountersGoOnFromMonthToMonth) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-08", 150'600'000);
  Settle(account, "2026-09", 20'600'000);
  Settle(account, "2026-10", 100'000'000);
  EXPECT_EQ(Bill("2026-08").issued_fen, 150 * 500);
  EXPECT_EQ(Bill("2026-09").issued_fen, 21 * 500);
  EXPECT_EQ(Bill("2026-10").issued_fen, 9 * 500 + 80 * 700 + 11 * 900);
  EXPECT_EQ(BalanceOf(account).carry_ml, 200'000);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(BillRunTest, ATenantMayBillEveryMillilitre) {
  settings_["billing.carry_remainder"] = "false";
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 12'345'678);
  Bill("2026-10");
  EXPECT_EQ(OnlyBill(account).bill.volume_ml, 12'345'678);
  EXPECT_EQ(BalanceOf(account).carry_ml, 0);
}

TEST_F(BillRunTest, SeveralMetersMakeOneBill) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 5 * kM3);
  Settle(account, "2026-10", 7 * kM3);
  Bill("2026-10");
  EXPECT_EQ(OnlyBill(account).bill.volume_ml, 12 * kM3);
  EXPECT_EQ(OnlyBill(account).bill.meters.size(), 2u);
}

TEST_F(BillRunTest, WhatLooksWrongWaitsAndTheRestGoesOn) {
  Publish();
  const Account usual = MakeAccount("00000001");
  const Account zero = MakeAccount("00000002");
  const Account reverse = MakeAccount("00000003");
  const Account silent = MakeAccount("00000004");
  Settle(usual, "2026-10", 9 * kM3);
  Settle(zero, "2026-10", 0);
  Settle(reverse, "2026-10", -kM3, {"reverse"});
  Settle(silent, "2026-10", 0, {"no_reading"});
  const BillRun run = Bill("2026-10");
  EXPECT_EQ(run.issued, 1);
  EXPECT_EQ(run.held, 3);
  EXPECT_EQ(Items().size(), 3u);
  EXPECT_THAT(BillsOf(zero), IsEmpty());
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(BillRunTest, AJumpIsMeasuredAgainstTheMonthsBefore) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-07", 100 * kM3);
  Settle(account, "2026-08", 10 * kM3);
  Settle(account, "2026-09", 10 * kM3);
  Settle(account, "2026-10", 200 * kM3);
  EXPECT_EQ(Bill("2026-10").held, 1);
  const auto items = Items();
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].item.usual_ml, 40 * kM3);
  EXPECT_THAT(items[0].item.reasons, ElementsAre(ReviewReason::kJump));
  EXPECT_EQ(items[0].account_number, "00000001");
}

TEST_F(BillRunTest, ADecisionIsTakenUpByTheNextRun) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 0);
  Bill("2026-10");
  ASSERT_THAT(Decide(Items().at(0).item, Decision::kBill), Succeeds());
  EXPECT_THAT(Items(), IsEmpty());
  const BillRun run = Bill("2026-10");
  EXPECT_EQ(run.issued, 1);
  EXPECT_EQ(run.held, 0);
  const auto record = OnlyBill(account);
  EXPECT_EQ(record.bill.total_fen, 0);
  EXPECT_EQ(record.state.kind, BillState::Kind::kPaid);
}

TEST_F(BillRunTest, ADecisionDuringTheRunIsTakenUpByTheSameRun) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", -kM3, {"reverse"});
  const RunId run = Start("2026-10")->id;
  ASSERT_TRUE(Step(run));
  EXPECT_EQ(ReadRun(run).held, 1);
  ASSERT_THAT(Decide(Items().at(0).item, Decision::kBillVolume, 8 * kM3), Succeeds());
  while (Step(run)) {
  }
  EXPECT_EQ(ReadRun(run).held, 0);
  EXPECT_EQ(ReadRun(run).issued, 1);
  EXPECT_EQ(OnlyBill(account).bill.total_fen, 4'000);
  EXPECT_EQ(BalanceOf(account).carry_ml, 0);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(BillRunTest, WhatIsLeftOutComesWithTheNextBill) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-09", 10 * kM3);
  Bill("2026-09");
  Settle(account, "2026-10", 50 * kM3);
  Bill("2026-10");
  ASSERT_THAT(Decide(Items().at(0).item, Decision::kSkip), Succeeds());
  EXPECT_EQ(Bill("2026-10").excluded, 1);
  EXPECT_EQ(BillsOf(account).size(), 1u);
  EXPECT_EQ(BalanceOf(account).carry_ml, 50 * kM3);
  Settle(account, "2026-11", 5 * kM3);
  Bill("2026-11");
  EXPECT_EQ(BillsOf(account).at(0).bill.volume_ml, 55 * kM3);
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

TEST_F(BillRunTest, ADecisionAboutAnotherVolumeDoesNotHold) {
  Publish();
  const Account account = MakeAccount();
  SettledLine line = Settle(account, "2026-10", 0);
  Bill("2026-10");
  ASSERT_THAT(Decide(Items().at(0).item, Decision::kBill), Succeeds());
  line.volume_ml = -2 * kM3;
  ++line.version;
  Apply(line);
  EXPECT_EQ(Bill("2026-10").held, 1);
  EXPECT_THAT(BillsOf(account), IsEmpty());
}

TEST_F(BillRunTest, AnItemIsDecidedOnceAndOnlyWithANote) {
  Publish();
  Settle(MakeAccount(), "2026-10", 0);
  Bill("2026-10");
  const ReviewItem item = Items().at(0).item;
  const Context context = Staff();
  const auto refused = Run(context, [&](pg::Tx& tx) {
    return usecases::DecideReview(tx, context, {.id = item.id, .volume_ml = -1});
  });
  EXPECT_THAT(refused, RefusesField("decision"));
  EXPECT_THAT(refused, RefusesField("note"));
  ASSERT_THAT(Decide(item, Decision::kSkip), Succeeds());
  EXPECT_THAT(Decide(item, Decision::kBill),
              FailsWith(Code::kFailedPrecondition, "REVIEW_ITEM_DECIDED"));
}

TEST_F(BillRunTest, AnAccountWithoutATariffFailsAndIsBilledOnceItHasOne) {
  const Account account = MakeAccount();
  Settle(account, "2026-10", 9 * kM3);
  EXPECT_EQ(Bill("2026-10").failed, 1);
  EXPECT_THAT(Items().at(0).item.reasons, ElementsAre(ReviewReason::kNoTariff));
  Publish();
  EXPECT_EQ(Bill("2026-10").issued, 1);
  EXPECT_THAT(Items(), IsEmpty());
}

TEST_F(BillRunTest, ConsumptionOfAnUnknownAccountFailsUntilTheAccountArrives) {
  Publish();
  Account account = MakeAccount();
  account.id = AccountId::New();
  Settle(account, "2026-10", 9 * kM3);
  EXPECT_EQ(Bill("2026-10").failed, 1);
  EXPECT_EQ(Count("bill"), 0);
}

TEST_F(BillRunTest, AnInterimLineIsBilledWithItsMonthAndNeverTwice) {
  Publish();
  const Account account = MakeAccount();
  SettledLine interim = test::Settled(4);
  interim.interim = true;
  interim.account_id = account.id;
  interim.version = 1;
  Apply(interim);
  Settle(account, "2026-10", 6 * kM3);
  EXPECT_EQ(Bill("2026-10").issued, 1);
  EXPECT_EQ(OnlyBill(account).bill.volume_ml, 10 * kM3);
  EXPECT_EQ(Bill("2026-10").issued, 0);

  SettledLine late = interim;  // a second bill of the month, for what came after the first
  late.id = SettledLineId::New();
  Apply(late);
  EXPECT_EQ(Bill("2026-10").issued, 1);
  const auto bills = BillsOf(account);
  ASSERT_EQ(bills.size(), 2u);
  EXPECT_EQ(bills[0].bill.sequence + bills[1].bill.sequence, 3);
}

TEST_F(BillRunTest, TheVersionInForceOnTheDayRates) {
  Publish();
  TariffDefinition dearer = test::Beijing();
  dearer.effective_from = test::Day("2026-10-31");
  dearer.components[1].price = FlatPrice{2'360'000};
  const Tariff second = Publish(dearer);
  EXPECT_EQ(second.version, 2);
  const Account account = MakeAccount();
  Settle(account, "2026-09", kM3 * 10);
  Settle(account, "2026-10", kM3 * 10);
  EXPECT_EQ(Bill("2026-09").issued_fen, 5'000);
  EXPECT_EQ(Bill("2026-10").issued_fen, 6'000);
}

TEST_F(BillRunTest, AVolumeThatChangesAfterItsBillIsRefused) {
  Publish();
  const Account account = MakeAccount();
  SettledLine line = Settle(account, "2026-10", 9 * kM3);
  Bill("2026-10");
  const Context context = Staff();
  ++line.version;
  const auto apply = [&] {
    return Run(context, [&](pg::Tx& tx) { return store::ApplySettledLine(tx, context, line); });
  };
  EXPECT_THAT(apply(), Succeeds());  // the same again
  ++line.version;
  line.volume_ml = 8 * kM3;
  EXPECT_THAT(apply(), FailsWith(Code::kFailedPrecondition, "SETTLED_LINE_BILLED"));
}

TEST_F(BillRunTest, AnotherUtilitySeesNothing) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 9 * kM3);
  Settle(MakeAccount("00000002"), "2026-10", 0);
  Bill("2026-10");
  EXPECT_THAT(Start("2026-10", kOther), FailsWith(Code::kFailedPrecondition, "MONTH_NOT_SETTLED"));
  EXPECT_THAT(BillsOf(account, kOther), IsEmpty());
  EXPECT_THAT(Items(false, kOther), IsEmpty());
  const Context other = Staff(kOther);
  const auto bill =
      Run(other, [&](pg::Tx& tx) { return store::GetBill(tx, other, OnlyBill(account).bill.id); });
  EXPECT_THAT(bill, FailsWith(Code::kNotFound, "BILL_NOT_FOUND"));
}

TEST_F(BillRunTest, AnotherBranchSeesNothing) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 9 * kM3);
  Bill("2026-10");
  const Context elsewhere = Staff(kTenant, {BranchId::New()});
  const Context here = Staff(kTenant, {account.branch_id});
  const auto get = [&](const Context& context) {
    return Run(context, [&](pg::Tx& tx) {
      return store::GetBill(tx, context, BillIdOf(account.id, ParseMonth("2026-10").value(), 1));
    });
  };
  EXPECT_THAT(get(here), Succeeds());
  EXPECT_THAT(get(elsewhere), FailsWith(Code::kNotFound, "BILL_NOT_FOUND"));
}

TEST_F(BillRunTest, FourThousandBillsTakeSeconds) {
  Publish();
  database_.Sql(
      "SET search_path = billing;"
      "INSERT INTO account SELECT 2, gen_random_uuid(), 'A' || i, gen_random_uuid(), 'Person ' || "
      "i, 'Street ' || i, 'household', 3, true, 1 FROM generate_series(1, 4000) i;"
      "INSERT INTO settled_line (tenant_id, id, interim, month, meter_id, meter_number, "
      "account_id, "
      "start_ml, end_ml, volume_ml, flags, version) SELECT 2, gen_random_uuid(), false, "
      "'2026-10-01', gen_random_uuid(), 'M' || number, id, 0, 12345678, 12345678, '{}', 1 FROM "
      "account");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(Bill("2026-10").issued, 4'000);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begin);
  std::cout << "4000 bills in " << took.count() << " ms\n";
  EXPECT_LT(took, std::chrono::seconds(60));
  EXPECT_THAT(LedgerFaults(), IsEmpty());
}

}  // namespace
}  // namespace karez::billing::tests
