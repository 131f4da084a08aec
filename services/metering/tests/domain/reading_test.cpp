#include "services/metering/domain/reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/money.h"
#include "libs/base/zone.h"

namespace karez::metering::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Instant At(const char* text) { return ParseInstant(text).value(); }
constexpr std::int64_t M3(std::int64_t value) { return value * kMlPerM3; }
constexpr Register kHousehold{20, 5};

TEST(PlaceInTimeTest, AMeterWithoutAClockCountsAsReadOnReceipt) {
  const auto placed = PlaceInTime(std::nullopt, At("2026-10-01T08:00:00Z"), Path::kKept);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->time, At("2026-10-01T08:00:00Z"));
  EXPECT_EQ(placed->quality, TimeQuality::kReceived);
}

TEST(PlaceInTimeTest, AStoredDayOfLastMonthKeepsItsOwnTime) {
  const auto placed =
      PlaceInTime(At("2026-09-03T00:00:00Z"), At("2026-10-01T08:00:00Z"), Path::kKept);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->time, At("2026-09-03T00:00:00Z"));
  EXPECT_EQ(placed->quality, TimeQuality::kDevice);
}

TEST(PlaceInTimeTest, AKeptReadingFromTheFutureCannotBePlaced) {
  EXPECT_FALSE(PlaceInTime(At("2026-10-01T08:10:01Z"), At("2026-10-01T08:00:00Z"), Path::kKept));
  EXPECT_TRUE(PlaceInTime(At("2026-10-01T08:10:00Z"), At("2026-10-01T08:00:00Z"), Path::kKept));
}

TEST(PlaceInTimeTest, AKeptReadingOfLongAgoCannotBePlaced) {
  EXPECT_FALSE(PlaceInTime(At("2000-01-01T00:00:00Z"), At("2026-10-01T08:00:00Z"), Path::kKept));
}

TEST(PlaceInTimeTest, APolledReadingWithAWrongClockCountsAsReadOnReceipt) {
  const auto placed =
      PlaceInTime(At("2042-01-01T00:00:00Z"), At("2026-10-01T08:00:00Z"), Path::kPolled);
  ASSERT_TRUE(placed);
  EXPECT_EQ(placed->time, At("2026-10-01T08:00:00Z"));
  EXPECT_EQ(placed->quality, TimeQuality::kReceived);
}

TEST(JudgeTest, TheFirstReadingIsTaken) {
  const Verdict verdict = Judge(kHousehold, {At("2026-10-01T00:00:00Z"), M3(556)}, {}, {});
  EXPECT_EQ(verdict.kind, Verdict::Kind::kStore);
  EXPECT_THAT(verdict.flags, IsEmpty());
}

TEST(JudgeTest, TheSameReadingAgainIsADuplicate) {
  const Point point{At("2026-10-01T00:00:00Z"), M3(556)};
  EXPECT_EQ(Judge(kHousehold, point, point, {}).kind, Verdict::Kind::kDuplicate);
}

TEST(JudgeTest, AnotherValueAtTheSameTimeIsAConflictThatNamesBoth) {
  const Instant at = At("2026-10-01T00:00:00Z");
  const Verdict verdict = Judge(kHousehold, {at, M3(557)}, Point{at, M3(556)}, {});
  EXPECT_EQ(verdict.kind, Verdict::Kind::kQuarantine);
  EXPECT_EQ(verdict.reason, "conflict");
  EXPECT_THAT(verdict.detail, HasSubstr("557.00 m³"));
  EXPECT_THAT(verdict.detail, HasSubstr("556.00 m³"));
}

TEST(JudgeTest, ADifferenceThePipeCannotPassIsImpossible) {
  const Point before{At("2026-10-01T00:00:00Z"), M3(100)};
  const Verdict verdict = Judge(kHousehold, {At("2026-10-02T00:00:00Z"), M3(400)}, {}, before);
  EXPECT_EQ(verdict.reason, "impossible_jump");
  EXPECT_THAT(verdict.detail, HasSubstr("DN20"));
}

TEST(JudgeTest, AVeryHighFlowIsFlaggedAndStored) {
  const Point before{At("2026-10-01T00:00:00Z"), M3(100)};
  const Verdict verdict = Judge(kHousehold, {At("2026-10-02T00:00:00Z"), M3(210)}, {}, before);
  EXPECT_EQ(verdict.kind, Verdict::Kind::kStore);
  EXPECT_THAT(verdict.flags, ElementsAre("jump"));
}

TEST(JudgeTest, ALittleBackwardsIsReverseFlow) {
  const Point before{At("2026-10-01T00:00:00Z"), M3(100)};
  const Verdict verdict =
      Judge(kHousehold, {At("2026-10-02T00:00:00Z"), M3(100) - 30'000}, {}, before);
  EXPECT_THAT(verdict.flags, ElementsAre("reverse"));
}

TEST(JudgeTest, TheRegisterRollsOverAtItsLastDigit) {
  const Point before{At("2026-10-01T00:00:00Z"), M3(99'998)};
  const Verdict verdict = Judge(kHousehold, {At("2026-10-03T00:00:00Z"), M3(3)}, {}, before);
  EXPECT_THAT(verdict.flags, ElementsAre("rollover"));
}

TEST(JudgeTest, ARollOverAfterALongGapIsNotTakenForReverseFlow) {
  constexpr Register kFourDigits{20, 4};
  const Point before{At("2026-01-01T00:00:00Z"), M3(9'990)};
  const Verdict verdict = Judge(kFourDigits, {At("2026-06-01T00:00:00Z"), M3(10)}, {}, before);
  EXPECT_THAT(verdict.flags, ElementsAre("rollover"));
}

TEST(JudgeTest, AValueTheRegisterCannotShowIsRefused) {
  EXPECT_EQ(Judge(kHousehold, {At("2026-10-01T00:00:00Z"), M3(100'000)}, {}, {}).reason,
            "value_out_of_range");
}

TEST(JudgeTest, JudgesThroughTenYearsOfDaysOfADyingMeter) {
  // 0.4 m³ a day from 99,000 m³: one roll-over in its life, nothing else to see.
  ManualClock clock(At("2016-01-01T00:00:00Z"));
  std::optional<Point> before;
  int rollovers = 0;
  std::int64_t total = 0;
  for (int day = 0; day < 3650; ++day, clock.Advance(std::chrono::days(1))) {
    const Point point{clock.Now(), (M3(99'000) + day * 400'000) % kHousehold.ModulusMl()};
    const Verdict verdict = Judge(kHousehold, point, {}, before);
    ASSERT_EQ(verdict.kind, Verdict::Kind::kStore);
    for (const auto& flag : verdict.flags) rollovers += flag == "rollover" ? 1 : 0;
    if (before) total += Between(kHousehold, *before, point).ml;
    before = point;
  }
  EXPECT_EQ(rollovers, 1);
  EXPECT_EQ(total, 3649 * 400'000);
}

TEST(RegisterTest, LargerPipesPassMore) {
  std::int64_t last = 0;
  for (int diameter = 15; diameter <= 600; ++diameter) {
    const std::int64_t flow = Register{diameter, 6}.MaxFlowMlPerHour();
    EXPECT_GE(flow, last);
    last = flow;
  }
}

}  // namespace
}  // namespace karez::metering::domain
