#include "libs/base/money.h"

#include <limits>

#include <gtest/gtest.h>

namespace karez {
namespace {

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();

std::int64_t Rounded(std::int64_t numerator, std::int64_t factor, std::int64_t divisor) {
  return MulDivRound(numerator, factor, divisor).value();
}

TEST(MulDivRoundTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Rounded(1, 1, 2), 1);
  EXPECT_EQ(Rounded(-1, 1, 2), -1);
  EXPECT_EQ(Rounded(3, 1, 2), 2);
  EXPECT_EQ(Rounded(-3, 1, 2), -2);
  EXPECT_EQ(Rounded(49, 1, 100), 0);
  EXPECT_EQ(Rounded(-49, 1, 100), 0);
  EXPECT_EQ(Rounded(50, 1, 100), 1);
  EXPECT_EQ(Rounded(1, 1, 3), 0);
  EXPECT_EQ(Rounded(2, 1, 3), 1);
  EXPECT_EQ(Rounded(-2, 1, 3), -1);
}

TEST(MulDivRoundTest, NearestForEverySmallOperand) {
  for (std::int64_t a = -12; a <= 12; ++a) {
    for (std::int64_t b = -12; b <= 12; ++b) {
      for (std::int64_t d = 1; d <= 13; ++d) {
        const std::int64_t got = Rounded(a, b, d);
        const std::int64_t twice_error = 2 * (a * b - got * d);
        EXPECT_LE(std::abs(twice_error), d);
        const bool half = std::abs(twice_error) == d;
        EXPECT_TRUE(!half || std::abs(got * d) >= std::abs(a * b));
      }
    }
  }
}

TEST(MulDivRoundTest, ProductsBeyond64BitsStayExact) {
  EXPECT_EQ(Rounded(kMax, kMax, kMax), kMax);
  EXPECT_EQ(Rounded(kMin, kMax, kMax), kMin);
  EXPECT_EQ(Rounded(kMin, 1, 1), kMin);
  EXPECT_EQ(Rounded(3'000'000'000'000'000'000, 3, 9), 1'000'000'000'000'000'000);
  EXPECT_EQ(Rounded(kMax, 1, kMax), 1);
  EXPECT_EQ(Rounded(kMax / 2, 1, kMax), 0);
  EXPECT_EQ(Rounded(kMax / 2 + 1, 1, kMax), 1);
}

TEST(MulDivRoundTest, RefusesWhatDoesNotFit) {
  for (const auto& result : {MulDivRound(kMax, 2, 1), MulDivRound(kMin, -1, 1),
                             MulDivRound(kMin, kMin, 1), MulDivRound(kMin, kMax, 2)}) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kOutOfRange);
    EXPECT_EQ(result.error().reason, "AMOUNT_OUT_OF_RANGE");
  }
}

TEST(LineAmountTest, PricesAVolumeInFen) {
  EXPECT_EQ(LineAmountFen(1 * kMlPerM3, 2'070'000).value(), 207);
  EXPECT_EQ(LineAmountFen(17 * kMlPerM3, 4'140'000).value(), 7038);
  EXPECT_EQ(LineAmountFen(500'000, 2'070'000).value(), 104);    // 1.035 yuan
  EXPECT_EQ(LineAmountFen(-500'000, 2'070'000).value(), -104);  // its reversal cancels it
  EXPECT_EQ(LineAmountFen(0, 2'070'000).value(), 0);
}

TEST(AddExactTest, NeverWrapsAround) {
  EXPECT_EQ(AddExact(kMax - 1, 1).value(), kMax);
  EXPECT_FALSE(AddExact(kMax, 1));
  EXPECT_FALSE(AddExact(kMin, -1));
}

TEST(FormatFenTest, WritesYuanWithTwoDigits) {
  EXPECT_EQ(FormatFen(0), "0.00");
  EXPECT_EQ(FormatFen(5), "0.05");
  EXPECT_EQ(FormatFen(-5), "-0.05");
  EXPECT_EQ(FormatFen(123'456), "1234.56");
  EXPECT_EQ(FormatFen(kMax), "92233720368547758.07");
  EXPECT_EQ(FormatFen(kMin), "-92233720368547758.08");
}

}  // namespace
}  // namespace karez
