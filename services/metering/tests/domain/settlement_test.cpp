#include "services/metering/domain/settlement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/money.h"

namespace karez::metering::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instant At(const char* text) { return ParseInstant(text).value(); }
Month In(const char* text) { return ParseMonth(text).value(); }
constexpr std::int64_t M3(std::int64_t value) { return value * kMlPerM3; }

Binding Bound(const char* from, std::int64_t from_ml) {
  Binding binding;
  binding.id = BindingId(Uuid::V5(Uuid(), "binding"));
  binding.account_id = AccountId::New();
  binding.meter_id = MeterId::New();
  binding.meter_number = "1001";
  binding.reg = {20, 5};
  binding.from = {At(from), from_ml};
  return binding;
}

Line Monthly(const Binding& binding, const Settled& settled, const std::optional<Point>& last,
             const char* month) {
  const Month in = In(month);
  return Settle(binding, settled, last, LineKind::kMonthly, in, EndOfMonth(in, Zone()));
}

TEST(SettlementTest, TheMonthEndsAtMidnightOfTheUtilitysZone) {
  EXPECT_EQ(EndOfMonth(In("2026-10"), Zone()), At("2026-10-31T16:00:00Z"));
  EXPECT_EQ(EndOfMonth(In("2026-12"), Zone()), At("2026-12-31T16:00:00Z"));
}

TEST(SettlementTest, TheFirstLineOpensWhereTheBindingBegan) {
  const Line line = Monthly(Bound("2026-10-05T02:00:00Z", M3(3)), {},
                            Point{At("2026-10-31T15:00:00Z"), M3(12)}, "2026-10");
  EXPECT_EQ(line.start.value_ml, M3(3));
  EXPECT_EQ(line.volume_ml, M3(9));
  EXPECT_THAT(line.flags, IsEmpty());
  EXPECT_FALSE(line.final);
}

TEST(SettlementTest, ALaterLineOpensWhereTheOneBeforeEnded) {
  const Settled settled{Point{At("2026-09-30T15:00:00Z"), M3(20)}, {}};
  const Line line = Monthly(Bound("2026-08-01T00:00:00Z", 0), settled,
                            Point{At("2026-10-31T15:00:00Z"), M3(31)}, "2026-10");
  EXPECT_EQ(line.volume_ml, M3(11));
}

TEST(SettlementTest, WithoutANewerReadingTheLineSaysSoAndHasNoVolume) {
  const Settled settled{Point{At("2026-09-30T15:00:00Z"), M3(20)}, {}};
  const Line line = Monthly(Bound("2026-08-01T00:00:00Z", 0), settled,
                            Point{At("2026-09-30T15:00:00Z"), M3(20)}, "2026-10");
  EXPECT_EQ(line.volume_ml, 0);
  EXPECT_EQ(line.end, line.start);
  EXPECT_THAT(line.flags, ElementsAre("no_reading"));
}

TEST(SettlementTest, AMissingReadingIsEstimatedWhereTheUtilityWantsIt) {
  const Settled settled{Point{At("2026-09-30T16:00:00Z"), M3(20)}, 400'000};
  const Line line = Monthly(Bound("2026-08-01T00:00:00Z", 0), settled, {}, "2026-10");
  EXPECT_EQ(line.volume_ml, 31 * 400'000);
  EXPECT_EQ(line.end.time, EndOfMonth(In("2026-10"), Zone()));
  EXPECT_THAT(line.flags, ElementsAre("estimated"));
}

TEST(SettlementTest, TheRollOverIsCountedIn) {
  const Settled settled{Point{At("2026-09-30T15:00:00Z"), M3(99'995)}, {}};
  const Line line = Monthly(Bound("2026-08-01T00:00:00Z", 0), settled,
                            Point{At("2026-10-31T15:00:00Z"), M3(5)}, "2026-10");
  EXPECT_EQ(line.volume_ml, M3(10));
  EXPECT_THAT(line.flags, ElementsAre("rollover"));
}

TEST(SettlementTest, ARegisterThatRanBackwardsGivesANegativeVolume) {
  const Settled settled{Point{At("2026-09-30T15:00:00Z"), M3(20)}, {}};
  const Line line = Monthly(Bound("2026-08-01T00:00:00Z", 0), settled,
                            Point{At("2026-10-31T15:00:00Z"), M3(19)}, "2026-10");
  EXPECT_EQ(line.volume_ml, -M3(1));
  EXPECT_THAT(line.flags, ElementsAre("reverse"));
}

TEST(SettlementTest, TheEndOfABindingClosesItExactly) {
  Binding binding = Bound("2026-08-01T00:00:00Z", 0);
  binding.to = Point{At("2026-10-12T03:00:00Z"), M3(40)};
  const Line line = Monthly(binding, {}, Point{At("2026-10-11T00:00:00Z"), M3(39)}, "2026-10");
  EXPECT_EQ(line.end, *binding.to);
  EXPECT_TRUE(line.final);
}

TEST(SettlementTest, ABindingThatEndsAfterTheMonthIsStillOpenInIt) {
  Binding binding = Bound("2026-08-01T00:00:00Z", 0);
  binding.to = Point{At("2026-11-12T03:00:00Z"), M3(40)};
  const Line line = Monthly(binding, {}, Point{At("2026-10-30T00:00:00Z"), M3(30)}, "2026-10");
  EXPECT_EQ(line.volume_ml, M3(30));
  EXPECT_FALSE(line.final);
}

TEST(SettlementTest, SettlingAgainGivesTheSameLine) {
  const Binding binding = Bound("2026-08-01T00:00:00Z", 0);
  const Point last{At("2026-10-30T00:00:00Z"), M3(30)};
  EXPECT_EQ(Monthly(binding, {}, last, "2026-10").id, Monthly(binding, {}, last, "2026-10").id);
  EXPECT_NE(Monthly(binding, {}, last, "2026-10").id, Monthly(binding, {}, last, "2026-11").id);
  EXPECT_NE(Monthly(binding, {}, last, "2026-10").id,
            Settle(binding, {}, last, LineKind::kInterim, In("2026-10"), last.time).id);
}

// A meter that is read daily, except that the last days of some months arrive late: what a month
// misses comes into the next, and nothing is lost or counted twice over the years.
TEST(SettlementTest, OverSixYearsTheLinesAddUpToTheRegister) {
  const Binding binding = Bound("2020-01-01T00:00:00Z", 0);
  constexpr std::int64_t kDailyMl = 437'000;
  ManualClock clock(At("2020-01-01T00:00:00Z"));
  Settled settled;
  std::int64_t total = 0;
  Instant newest = clock.Now();
  for (Month month = In("2020-01"); month < In("2026-01"); month += std::chrono::months(1)) {
    const Instant until = EndOfMonth(month, Zone());
    const int late_days = static_cast<unsigned>(month.month()) % 3 == 0 ? 4 : 0;
    clock.Set(until - std::chrono::days(late_days));
    newest = clock.Now();
    const std::int64_t days = (newest - binding.from.time) / std::chrono::days(1);
    const Point last{newest, days * kDailyMl % binding.reg.ModulusMl()};
    const Line line = Settle(binding, settled, last, LineKind::kMonthly, month, until);
    EXPECT_THAT(line.flags, IsEmpty()) << FormatMonth(month);
    EXPECT_EQ(line.start, settled.end.value_or(binding.from));
    total += line.volume_ml;
    settled.end = line.end;
  }
  const std::int64_t days = (newest - binding.from.time) / std::chrono::days(1);
  EXPECT_EQ(total, days * kDailyMl);
}

}  // namespace
}  // namespace karez::metering::domain
