#include "libs/base/zone.h"

#include <gtest/gtest.h>

namespace karez {
namespace {

Instant At(std::string_view text) { return ParseInstant(text).value(); }
LocalDate Day(std::string_view text) { return ParseDate(text).value(); }
Zone Named(std::string_view name) { return Zone::Find(name).value(); }

TEST(ZoneTest, DefaultIsShanghai) {
  EXPECT_EQ(Zone().name(), "Asia/Shanghai");
  EXPECT_EQ(FormatDate(Zone().DateOf(At("2026-04-30T16:00:00Z"))), "2026-05-01");
  EXPECT_EQ(FormatDate(Zone().DateOf(At("2026-04-30T15:59:59.999999Z"))), "2026-04-30");
  EXPECT_EQ(FormatInstant(Zone().StartOf(Day("2026-05-01"))), "2026-04-30T16:00:00Z");
}

TEST(ZoneTest, DayStartsAtTheJumpWhereMidnightDoesNotExist) {
  // Cairo, 26 April 2024: 00:00 became 01:00.
  const Zone cairo = Named("Africa/Cairo");
  EXPECT_EQ(FormatInstant(cairo.StartOf(Day("2024-04-26"))), "2024-04-25T22:00:00Z");
  EXPECT_EQ(cairo.TimeOfDay(cairo.StartOf(Day("2024-04-26"))), std::chrono::hours(1));
  EXPECT_EQ(FormatDate(cairo.DateOf(cairo.StartOf(Day("2024-04-26")))), "2024-04-26");
  EXPECT_EQ(FormatDate(cairo.DateOf(cairo.StartOf(Day("2024-04-26")) - Duration(1))), "2024-04-25");
  EXPECT_EQ(FormatInstant(cairo.At(Day("2024-04-26"), std::chrono::minutes(30))),
            "2024-04-25T22:00:00Z");
}

TEST(ZoneTest, DoubledReadingsMeanTheFirst) {
  // Cairo, 31 October 2024: 24:00 became 23:00.
  const Zone cairo = Named("Africa/Cairo");
  EXPECT_EQ(FormatInstant(cairo.At(Day("2024-10-31"), std::chrono::minutes(23 * 60 + 30))),
            "2024-10-31T20:30:00Z");
  // Havana, 3 November 2024: 01:00 became 00:00, so midnight was there twice.
  const Zone havana = Named("America/Havana");
  EXPECT_EQ(FormatInstant(havana.StartOf(Day("2024-11-03"))), "2024-11-03T04:00:00Z");
}

TEST(ZoneTest, EveryDayOfAYearFollowsTheDayBefore) {
  for (const char* name : {"Asia/Shanghai", "Asia/Urumqi", "Africa/Cairo", "Pacific/Apia"}) {
    const Zone zone = Named(name);
    for (LocalDate day = Day("2024-01-01"); day < Day("2025-01-01"); day = AddDays(day, 1)) {
      EXPECT_EQ(zone.DateOf(zone.StartOf(day)), day) << name << FormatDate(day);
      EXPECT_EQ(zone.DateOf(zone.StartOf(day) - Duration(1)), AddDays(day, -1)) << name;
    }
  }
}

TEST(ZoneTest, ReadingsOfADayFollowTheWallClock) {
  EXPECT_EQ(FormatInstant(Zone().At(Day("2026-05-01"), std::chrono::hours(2))),
            "2026-04-30T18:00:00Z");
  EXPECT_EQ(Zone().TimeOfDay(At("2026-05-01T00:00:01.9Z")), std::chrono::seconds(8 * 3600 + 1));
}

TEST(ZoneTest, RefusesUnknownNames) {
  for (const char* name : {"", "Asia/Beijing", "UTC+8", "../etc/passwd"}) {
    const auto zone = Zone::Find(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().reason, "ZONE_UNKNOWN");
  }
}

}  // namespace
}  // namespace karez
