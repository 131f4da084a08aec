#include "services/metering/domain/day_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace karez::metering::domain {
namespace {

Hours With(std::initializer_list<std::pair<std::size_t, std::int64_t>> slots) {
  Hours hours = NoHours();
  for (const auto& [hour, value] : slots) hours[hour] = value;
  return hours;
}

TEST(DaySeriesTest, FoundHoursFillTheGaps) {
  const Merged merged = Merge(With({{0, 10}, {1, 20}}), With({{1, 20}, {2, 30}}));
  EXPECT_TRUE(merged.changed);
  EXPECT_EQ(merged.hours, With({{0, 10}, {1, 20}, {2, 30}}));
  EXPECT_EQ(merged.conflict, "");
}

TEST(DaySeriesTest, AConflictingHourKeepsTheStoredValueAndIsNamed) {
  const Merged merged = Merge(With({{5, 10}}), With({{5, 11}, {6, 12}}));
  EXPECT_EQ(merged.hours, With({{5, 10}, {6, 12}}));
  EXPECT_TRUE(merged.changed);
  EXPECT_EQ(merged.conflict, "Hour 5: stored 10 mL, found 11 mL");
}

TEST(DaySeriesTest, TheSameAgainChangesNothing) {
  const Hours day = With({{0, 10}, {23, 0}});
  EXPECT_FALSE(Merge(day, day).changed);
}

TEST(DaySeriesTest, AnHourThatIsMissingTakesNothingAway) {
  const Hours day = With({{0, 10}});
  const Merged merged = Merge(day, NoHours());
  EXPECT_FALSE(merged.changed);
  EXPECT_EQ(merged.hours, day);
}

TEST(DaySeriesTest, TheTotalLeavesMissingHoursOut) {
  EXPECT_EQ(TotalMl(With({{0, 10}, {7, 5}})), 15);
  EXPECT_EQ(TotalMl(NoHours()), 0);
}

}  // namespace
}  // namespace karez::metering::domain
