#include "services/billing/domain/ledger.h"

#include <gtest/gtest.h>

#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

Booking Cause() {
  return {.cause = kCauseBill, .cause_id = Uuid::V7(), .account_id = AccountId::New()};
}

TEST(LedgerTest, ABillIsBookedOnceAFeeItem) {
  const Rating rating = test::RateOf(test::Beijing(), 170, 100);
  const auto transfers = BookBill(Cause(), BillId::New(), rating.lines);
  ASSERT_EQ(transfers.size(), 3u);
  EXPECT_EQ(transfers[0].debit, "receivable");
  EXPECT_EQ(transfers[0].credit, "revenue:water");
  EXPECT_EQ(transfers[0].amount_fen, 10 * 207 + 80 * 407 + 10 * 607);
  EXPECT_EQ(transfers[1].credit, "payable:sewage");
  EXPECT_EQ(transfers[2].credit, "payable:resource");
  std::int64_t sum = 0;
  for (const Transfer& transfer : transfers) sum += transfer.amount_fen;
  EXPECT_EQ(sum, rating.total_fen);
}

TEST(LedgerTest, AFeeItemOfNothingIsNotBooked) {
  const Rating rating = test::RateOf(test::YearTariff({test::Flat("free", 0)}), 0, 10);
  EXPECT_EQ(rating.lines.size(), 1u);
  EXPECT_TRUE(BookBill(Cause(), BillId::New(), rating.lines).empty());
}

TEST(LedgerTest, TheSameBookingIsTheSameTransfer) {
  const Booking cause = Cause();
  EXPECT_EQ(Book(cause, "x", kCash, kUnapplied, 1).id, Book(cause, "x", kCash, kUnapplied, 1).id);
  EXPECT_NE(Book(cause, "x", kCash, kUnapplied, 1).id, Book(cause, "y", kCash, kUnapplied, 1).id);
}

TEST(LedgerTest, AReversalSwapsTheSidesAndNamesWhatItReverses) {
  const Transfer original = Book(Cause(), "x", kCash, kUnapplied, 250);
  Booking cause = Cause();
  cause.cause = kCausePaymentReversal;
  const Transfer reversal = BookReversal(cause, original);
  EXPECT_EQ(reversal.debit, original.credit);
  EXPECT_EQ(reversal.credit, original.debit);
  EXPECT_EQ(reversal.amount_fen, 250);
  EXPECT_EQ(reversal.reverses_id, original.id);
}

}  // namespace
}  // namespace karez::billing
