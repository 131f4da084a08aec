#include "libs/base/time.h"

#include <gtest/gtest.h>

namespace karez {
namespace {

Instant At(std::string_view text) { return ParseInstant(text).value(); }

TEST(InstantTest, OffsetsAreConvertedToUtc) {
  EXPECT_EQ(FormatInstant(At("2026-05-01T08:00:00+08:00")), "2026-05-01T00:00:00Z");
  EXPECT_EQ(FormatInstant(At("2026-05-01T00:00:00-03:30")), "2026-05-01T03:30:00Z");
  EXPECT_EQ(FormatInstant(At("2026-12-31t23:59:59z")), "2026-12-31T23:59:59Z");
}

TEST(InstantTest, FractionsKeepMicrosecondsAndNoMore) {
  EXPECT_EQ(FormatInstant(At("2026-05-01T00:00:00.5Z")), "2026-05-01T00:00:00.500000Z");
  EXPECT_EQ(FormatInstant(At("2026-05-01T00:00:00.123456789Z")), "2026-05-01T00:00:00.123456Z");
  EXPECT_EQ(FormatInstant(At("2026-05-01T00:00:00.000Z")), "2026-05-01T00:00:00Z");
}

TEST(InstantTest, TimesBeforeTheEpochAreExact) {
  EXPECT_EQ(FormatInstant(At("1949-10-01T15:00:00.25+08:00")), "1949-10-01T07:00:00.250000Z");
  EXPECT_EQ(FormatInstant(Instant(Duration(-1))), "1969-12-31T23:59:59.999999Z");
}

TEST(InstantTest, RefusesWhatIsNoRfc3339Time) {
  for (const char* text :
       {"", "2026-05-01", "2026-05-01 00:00:00Z", "2026-05-01T00:00:00", "2026-05-01T24:00:00Z",
        "2026-05-01T00:60:00Z", "2026-05-01T00:00:60Z", "2026-02-29T00:00:00Z",
        "2026-05-01T00:00:00+8:00", "2026-05-01T00:00:00+24:00", "2026-05-01T00:00:00+08:60",
        "2026-05-01T00:00:00Zx", "2026-05-01T0x:00:00Z", "26-05-01T00:00:00.000Z",
        "2026-05-01T00:00:00.Z"}) {
    const auto result = ParseInstant(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().reason, "TIME_INVALID");
  }
}

TEST(DateTest, RoundTrips) {
  for (const char* text : {"0001-01-01", "2024-02-29", "2026-12-31", "9999-12-31"}) {
    EXPECT_EQ(FormatDate(ParseDate(text).value()), text);
  }
}

TEST(DateTest, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2026-02-29", "2100-02-29", "2026-04-31", "2026-13-01", "2026-00-01",
                           "2026-01-00", "0000-01-01", "2026-1-01", "2026/01/01", "2026-01-011"}) {
    EXPECT_FALSE(ParseDate(text)) << text;
  }
}

TEST(DateTest, CountsDaysAcrossLeapYears) {
  const auto start = ParseDate("2024-02-28").value();
  EXPECT_EQ(FormatDate(AddDays(start, 2)), "2024-03-01");
  EXPECT_EQ(DaysBetween(start, ParseDate("2025-02-28").value()), 366);
  EXPECT_EQ(FormatDate(AddDays(start, -59)), "2023-12-31");
}

TEST(MonthTest, RoundTripsAndRefuses) {
  EXPECT_EQ(FormatMonth(ParseMonth("2026-05").value()), "2026-05");
  EXPECT_EQ(FormatDate(FirstDay(ParseMonth("2026-05").value())), "2026-05-01");
  for (const char* text : {"", "2026", "2026-13", "2026-5", "2026-05-01"}) {
    EXPECT_FALSE(ParseMonth(text)) << text;
  }
}

TEST(ManualClockTest, MovesOnlyWhenTold) {
  ManualClock clock(At("2026-05-01T00:00:00Z"));
  EXPECT_EQ(clock.Now(), clock.Now());
  clock.Advance(std::chrono::hours(24));
  EXPECT_EQ(FormatInstant(clock.Now()), "2026-05-02T00:00:00Z");
  clock.Set(At("2030-01-01T00:00:00Z"));
  EXPECT_EQ(FormatInstant(clock.Now()), "2030-01-01T00:00:00Z");
}

}  // namespace
}  // namespace karez
