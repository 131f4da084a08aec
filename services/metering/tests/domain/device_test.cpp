#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/metering/domain/terminal.h"

namespace karez::metering::domain {
namespace {

TEST(TerminalTest, PaddingAndCaseDoNotMatterOnTheWire) {
  EXPECT_EQ(WireNumber(Terminal::Kind::kAcknowledged, "86a123").value(), "86A123");
  EXPECT_EQ(WireNumber(Terminal::Kind::kAcknowledged, "000000000086A123").value(), "86A123");
  EXPECT_EQ(WireNumber(Terminal::Kind::kTransparent, "0000").value(), "0");
}

TEST(TerminalTest, AnAcknowledgedTerminalTakesHexadecimalDigitsOnly) {
  for (const char* number : {"", "DTU-1", "XYZ", "12345678901234567"}) {
    const auto wire = WireNumber(Terminal::Kind::kAcknowledged, number);
    ASSERT_FALSE(wire) << number;
    EXPECT_EQ(wire.error().violations.at(0).field, "number");
  }
}

TEST(TerminalTest, ATransparentTerminalIsKnownInUpperCase) {
  EXPECT_EQ(WireNumber(Terminal::Kind::kTransparent, "dtu001").value(), "DTU001");
}

TEST(TerminalTest, KindsAreWrittenAsTheyAreRead) {
  for (const auto kind : {Terminal::Kind::kAcknowledged, Terminal::Kind::kTransparent}) {
    EXPECT_EQ(ParseKind(KindName(kind)).value(), kind);
  }
  EXPECT_FALSE(ParseKind("dtu"));
}

TEST(MeterTest, TheAddressIsThePaddedNumber) {
  EXPECT_EQ(AddressFromNumber("2026001", 14), "00000002026001");
  EXPECT_EQ(AddressFromNumber("M-1", 14), "");
  EXPECT_EQ(AddressFromNumber("123456789012345", 14), "");
}

TEST(MeterTest, AllFaultsOfAMeterAreNamedAtOnce) {
  Violations bad;
  CheckMeterNumber("no spaces please", bad);
  CheckDiameter(10, bad);
  CheckRegisterDigits(3, bad);
  EXPECT_EQ(bad.items().size(), 3u);
}

TEST(RegisterTest, RollsOverAfterItsDigits) {
  EXPECT_EQ((Register{20, 5}.ModulusMl()), 100'000'000'000);
}

}  // namespace
}  // namespace karez::metering::domain
