#include "services/billing/domain/bill.h"

#include <gtest/gtest.h>

#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using test::Beijing;
using test::Day;
using test::kM3;
using test::Settled;

const Month kOctober = ParseMonth("2026-10").value();

BillInput Input(std::int64_t settled_ml) {
  BillInput input;
  input.account.id = AccountId::New();
  input.account.household_size = 3;
  input.month = kOctober;
  input.settled_ml = settled_ml;
  input.period_end = Day("2026-10-31");
  return input;
}

Tariff Published() { return {.id = TariffId::New(), .version = 2, .definition = Beijing()}; }

TEST(BillTest, WholeCubicMetresAreBilledAndTheRestCarried) {
  EXPECT_EQ(DivideVolume(12'345'678, 0, true), (BilledVolume{12 * kM3, 345'678}));
  EXPECT_EQ(DivideVolume(12'345'678, 700'000, true), (BilledVolume{13 * kM3, 45'678}));
  EXPECT_EQ(DivideVolume(400'000, 0, true), (BilledVolume{0, 400'000}));
  EXPECT_EQ(DivideVolume(12'345'678, 0, false), (BilledVolume{12'345'678, 0}));
}

TEST(BillTest, ANegativeVolumeMakesTheNextBillSmaller) {
  EXPECT_EQ(DivideVolume(-5 * kM3, 200'000, true), (BilledVolume{0, -4'800'000}));
  EXPECT_EQ(DivideVolume(9 * kM3, -4'800'000, true), (BilledVolume{4 * kM3, 200'000}));
}

TEST(BillTest, NothingIsLostOverAYearOfRemainders) {
  std::int64_t carry = 0;
  std::int64_t settled = 0;
  std::int64_t billed = 0;
  for (std::int64_t month = 1; month <= 12; ++month) {
    const std::int64_t volume = 1'234'567 * month;
    const BilledVolume part = DivideVolume(volume, carry, true);
    settled += volume;
    billed += part.billed_ml;
    carry = part.carried_out_ml;
  }
  EXPECT_EQ(settled, billed + carry);
  EXPECT_LT(carry, kM3);
}

TEST(BillTest, ABillExplainsItself) {
  BillInput input = Input(12'600'000);
  input.carried_in_ml = 500'000;
  input.used_before_ml = 170 * kM3;
  const Bill bill = MakeBill(input, Published()).value();
  EXPECT_EQ(bill.volume_ml, 13 * kM3);
  EXPECT_EQ(bill.carried_out_ml, 100'000);
  EXPECT_EQ(bill.total_fen, 10 * 500 + 3 * 700);
  EXPECT_EQ(bill.lines.size(), 4u);
  EXPECT_EQ(bill.tariff_version, 2);
}

TEST(BillTest, TheSameInputGivesTheSameBill) {
  const BillInput input = Input(12 * kM3);
  const Tariff tariff = Published();
  EXPECT_EQ(MakeBill(input, tariff)->id, MakeBill(input, tariff)->id);
  EXPECT_EQ(MakeBill(input, tariff)->lines, MakeBill(input, tariff)->lines);
}

TEST(BillTest, EachSequenceOfAMonthIsAnotherBill) {
  const AccountId account = AccountId::New();
  EXPECT_EQ(BillIdOf(account, kOctober, 1), BillIdOf(account, kOctober, 1));
  EXPECT_NE(BillIdOf(account, kOctober, 1), BillIdOf(account, kOctober, 2));
  EXPECT_NE(BillIdOf(account, kOctober, 1), BillIdOf(AccountId::New(), kOctober, 1));
}

TEST(BillTest, ABillWithoutVolumeOwesNothing) {
  const Bill bill = MakeBill(Input(0), Published()).value();
  EXPECT_TRUE(bill.lines.empty());
  EXPECT_EQ(bill.total_fen, 0);
}

TEST(BillTest, AnAbsurdVolumeIsRefused) {
  const auto bill = MakeBill(Input(kVolumeMlMax * 2), Published());
  ASSERT_FALSE(bill);
  EXPECT_EQ(bill.error().code, Code::kOutOfRange);
}

TEST(BillTest, TheLastReadingWithinTheMonthDecidesTheDay) {
  const Zone zone;
  SettledLine line = Settled(1);
  EXPECT_EQ(BillingDay({line}, kOctober, zone), Day("2026-10-31"));
  line.end_time = ParseInstant("2026-10-20T15:00:00Z").value();
  EXPECT_EQ(BillingDay({line}, kOctober, zone), Day("2026-10-20"));
  SettledLine later = line;
  later.end_time = ParseInstant("2026-10-31T16:00:00Z").value();  // midnight in Shanghai
  EXPECT_EQ(BillingDay({line, later}, kOctober, zone), Day("2026-10-31"));
}

TEST(BillStateTest, PaidIsWhatOwesNothing) {
  BillState bill{.total_fen = 100, .open_fen = 100};
  EXPECT_EQ(bill.Settle(40), 40);
  EXPECT_EQ(bill.kind, BillState::Kind::kIssued);
  EXPECT_EQ(bill.Settle(100), 60);
  EXPECT_EQ(bill.kind, BillState::Kind::kPaid);
  bill.Reopen(60);
  EXPECT_EQ(bill.kind, BillState::Kind::kIssued);
  EXPECT_EQ(bill.open_fen, 60);
}

TEST(BillStateTest, ABillIsReversedOnce) {
  BillState bill{.total_fen = 100, .open_fen = 100};
  ASSERT_TRUE(bill.Reverse());
  EXPECT_EQ(bill.open_fen, 0);
  EXPECT_EQ(bill.Reverse().error().reason, "BILL_REVERSED");
}

}  // namespace
}  // namespace karez::billing
