#include "services/billing/domain/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using test::kM3;
using test::Settled;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<ReviewReason> ReasonsOf(const std::vector<SettledLine>& lines,
                                    std::optional<std::int64_t> usual_m3) {
  if (usual_m3) *usual_m3 *= kM3;
  return ReasonsToReview(lines, usual_m3, {});
}

TEST(ReviewTest, OrdinaryUseNeedsNoPerson) {
  EXPECT_THAT(ReasonsOf({Settled(10)}, 10), IsEmpty());
  EXPECT_THAT(ReasonsOf({Settled(10)}, std::nullopt), IsEmpty());
}

TEST(ReviewTest, ZeroUseWaits) {
  EXPECT_THAT(ReasonsOf({Settled(0)}, 10), ElementsAre(ReviewReason::kZero));
}

TEST(ReviewTest, MoreThanThreeTimesTheUsualIsAJump) {
  EXPECT_THAT(ReasonsOf({Settled(30)}, 10), IsEmpty());
  EXPECT_THAT(ReasonsOf({Settled(31)}, 10), ElementsAre(ReviewReason::kJump));
  EXPECT_THAT(ReasonsOf({Settled(6)}, 0), ElementsAre(ReviewReason::kJump));
}

TEST(ReviewTest, UpToFiveCubicMetresAreNoJump) {
  EXPECT_THAT(ReasonsOf({Settled(5)}, 1), IsEmpty());
  EXPECT_THAT(ReasonsOf({Settled(6)}, 1), ElementsAre(ReviewReason::kJump));
}

TEST(ReviewTest, AnAbsurdSettingIsNoJump) {
  EXPECT_THAT(ReasonsToReview({Settled(31)}, 10 * kM3, {.jump_percent = 1'000'000'000'000'000}),
              IsEmpty());
}

TEST(ReviewTest, ARegisterThatRanBackwardsWaits) {
  EXPECT_THAT(ReasonsOf({Settled(-1)}, 10), ElementsAre(ReviewReason::kReverse));
  EXPECT_THAT(ReasonsOf({Settled(9, {"reverse"})}, 10), ElementsAre(ReviewReason::kReverse));
  EXPECT_THAT(ReasonsOf({Settled(20), Settled(-1)}, 10), ElementsAre(ReviewReason::kReverse));
}

TEST(ReviewTest, AMonthWithoutReadingWaits) {
  EXPECT_THAT(ReasonsOf({Settled(0, {"no_reading"})}, 10), ElementsAre(ReviewReason::kNoReading));
}

TEST(ReviewTest, TheUsualVolumeIsTheMeanOfTheMonthsThereAre) {
  EXPECT_EQ(UsualVolume({}), std::nullopt);
  EXPECT_EQ(UsualVolume({10, 11, 13}), 11);
}

TEST(ReviewTest, AnItemIsDecidedOnce) {
  ReviewItem item;
  EXPECT_EQ(item.Decide(Decision::kBillVolume, 20, "staff", "leak repaired"), true);
  EXPECT_EQ(item.Decide(Decision::kBillVolume, 20, "staff", "leak repaired"), false);
  const auto again = item.Decide(Decision::kSkip, 0, "staff", "other");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().reason, "REVIEW_ITEM_DECIDED");
  EXPECT_EQ(item.decision, Decision::kBillVolume);
}

TEST(ReviewTest, WhatIsBilledAlreadyIsNotDecided) {
  ReviewItem item;
  item.closed = true;
  EXPECT_EQ(item.Decide(Decision::kSkip, 0, "staff", "late").error().reason, "REVIEW_ITEM_DECIDED");
}

TEST(ReviewTest, TheSettingsAreTheTenants) {
  Tenant tenant;
  tenant.settings = {{"billing.review.jump_percent", "200"}};
  EXPECT_EQ(ReadReviewSettings(tenant).jump_percent, 200);
  EXPECT_EQ(ReadReviewSettings(tenant).jump_min_ml, 5 * kM3);
}

}  // namespace
}  // namespace karez::billing
