#include "services/billing/domain/payment.h"

#include <random>

#include <gtest/gtest.h>

namespace karez::billing {
namespace {

BillState Open(std::int64_t fen) {
  return {.id = BillId::New(), .total_fen = fen, .open_fen = fen};
}

std::string ReasonOf(const PaymentTerms& terms) {
  const auto result = CheckPayment(terms);
  return result ? "" : result.error().reason;
}

TEST(PaymentTest, UpToTheArrearsIsTaken) {
  EXPECT_EQ(ReasonOf({.amount_fen = 100, .arrears_fen = 100}), "");
  EXPECT_EQ(ReasonOf({.amount_fen = 1, .arrears_fen = 100}), "");
}

TEST(PaymentTest, MoreThanTheArrearsNeedsAWord) {
  const auto result = CheckPayment({.amount_fen = 101, .arrears_fen = 100});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().reason, "PAYMENT_EXCEEDS_ARREARS");
  EXPECT_EQ(result.error().metadata.at("arrears_fen"), "100");
  EXPECT_EQ(ReasonOf({.amount_fen = 101, .arrears_fen = 100, .keep_surplus_as_credit = true}), "");
}

TEST(PaymentTest, AnAccountThatOwesNothingHasNothingToPay) {
  EXPECT_EQ(ReasonOf({.amount_fen = 1}), "NOTHING_TO_PAY");
  EXPECT_EQ(ReasonOf({.amount_fen = 1, .keep_surplus_as_credit = true}), "");
}

TEST(PaymentTest, AClosedAccountPaysItsArrearsAndTakesNoCredit) {
  PaymentTerms terms{.amount_fen = 100, .arrears_fen = 100, .account_open = false};
  EXPECT_EQ(ReasonOf(terms), "");
  terms.amount_fen = 101;
  terms.keep_surplus_as_credit = true;
  EXPECT_EQ(ReasonOf(terms), "ACCOUNT_CLOSED");
}

TEST(AllocationTest, TheOldestBillIsPaidFirst) {
  std::vector<BillState> bills = {Open(30), Open(50), Open(20)};
  const auto parts = AllocateOldestFirst(bills, 60);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].amount_fen, 30);
  EXPECT_EQ(parts[1].bill, 1u);
  EXPECT_EQ(parts[1].amount_fen, 30);
  EXPECT_EQ(bills[0].kind, BillState::Kind::kPaid);
  EXPECT_EQ(bills[1].open_fen, 20);
  EXPECT_EQ(bills[2].open_fen, 20);
}

TEST(AllocationTest, BillsThatOweNothingArePassedOver) {
  std::vector<BillState> bills = {Open(0), Open(10)};
  const auto parts = AllocateOldestFirst(bills, 10);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].bill, 1u);
}

// Invariants 17 to 20.
TEST(AllocationTest, PaymentIsAllocationsPlusCreditAndReversalRestores) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 1'000; ++round) {
    std::vector<BillState> bills;
    std::int64_t arrears = 0;
    for (int i = 0; i < 5; ++i) {
      bills.push_back(Open(static_cast<std::int64_t>(random() % 1'000)));
      arrears += bills.back().open_fen;
    }
    const std::vector<BillState> before = bills;
    const auto amount = static_cast<std::int64_t>(random() % 4'000);
    std::int64_t allocated = 0;
    const auto parts = AllocateOldestFirst(bills, amount);
    for (const Part& part : parts) allocated += part.amount_fen;
    EXPECT_EQ(allocated, std::min(amount, arrears));
    for (const BillState& bill : bills) {
      EXPECT_GE(bill.open_fen, 0);
      EXPECT_LE(bill.open_fen, bill.total_fen);
    }
    for (const Part& part : parts) bills[part.bill].Reopen(part.amount_fen);
    for (std::size_t i = 0; i < bills.size(); ++i) EXPECT_EQ(bills[i].open_fen, before[i].open_fen);
  }
}

}  // namespace
}  // namespace karez::billing
