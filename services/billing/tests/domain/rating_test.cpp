#include "services/billing/domain/rating.h"

#include <gtest/gtest.h>

#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using test::Beijing;
using test::Day;
using test::Flat;
using test::kM3;
using test::MonthTariff;
using test::RateOf;
using test::Tiered;
using test::YearTariff;

TEST(RatingTest, ExactlyAtALimitThePriceIsThatOfTheLowerTier) {
  EXPECT_EQ(RateOf(Beijing(), 0, 180).total_fen, 90'000);
  EXPECT_EQ(RateOf(Beijing(), 0, 181).total_fen, 90'700);
  EXPECT_EQ(RateOf(Beijing(), 180, 80).total_fen, 80 * 700);
  EXPECT_EQ(RateOf(Beijing(), 260, 1).total_fen, 900);
}

TEST(RatingTest, ALineSaysComponentTierVolumePriceAndCounter) {
  const Rating rating = RateOf(Beijing(), 170, 100);
  ASSERT_EQ(rating.lines.size(), 5u);
  const RatedLine tier2{.component_code = "water",
                        .component_name = "fee water",
                        .payee = Payee::kUtility,
                        .tier = 2,
                        .volume_ml = 80 * kM3,
                        .unit_price_micro_yuan = 4'070'000,
                        .amount_fen = 32'560,
                        .counter_before_ml = 180 * kM3,
                        .counter_after_ml = 260 * kM3};
  EXPECT_EQ(rating.lines[1], tier2);
  const RatedLine sewage{.component_code = "sewage",
                         .component_name = "fee sewage",
                         .payee = Payee::kGovernment,
                         .tier = 0,
                         .volume_ml = 100 * kM3,
                         .unit_price_micro_yuan = 1'360'000,
                         .amount_fen = 13'600,
                         .counter_before_ml = 170 * kM3,
                         .counter_after_ml = 270 * kM3};
  EXPECT_EQ(rating.lines[3], sewage);
  EXPECT_EQ(rating.limits_ml, (std::vector<std::int64_t>{180 * kM3, 260 * kM3}));
  EXPECT_EQ(rating.counter_before_ml, 170 * kM3);
  EXPECT_EQ(rating.counter_after_ml, 270 * kM3);
}

TEST(RatingTest, ZeroVolumeHasNoLines) {
  const Rating rating = RateOf(Beijing(), 100, 0);
  EXPECT_TRUE(rating.lines.empty());
  EXPECT_EQ(rating.total_fen, 0);
  EXPECT_EQ(rating.counter_after_ml, 100 * kM3);
}

TEST(RatingTest, FarBeyondTheLastLimitOnlyTheLastTierCharges) {
  const Rating rating = RateOf(Beijing(), 1'000'000, 7);
  ASSERT_EQ(rating.lines.size(), 3u);
  EXPECT_EQ(rating.lines[0].tier, 3);
  EXPECT_EQ(rating.total_fen, 7 * 900);
}

TEST(RatingTest, ACreditIsTheNegationOfTheChargeItTakesBack) {
  const Rating charge = RateOf(Beijing(), 170, 100);
  const Rating credit = RateOf(Beijing(), 270, -100);
  EXPECT_EQ(credit.total_fen, -charge.total_fen);
  ASSERT_EQ(credit.lines.size(), charge.lines.size());
  for (std::size_t i = 0; i < credit.lines.size(); ++i) {
    EXPECT_EQ(credit.lines[i].volume_ml, -charge.lines[i].volume_ml);
    EXPECT_EQ(credit.lines[i].amount_fen, -charge.lines[i].amount_fen);
    EXPECT_EQ(credit.lines[i].counter_before_ml, charge.lines[i].counter_after_ml);
    EXPECT_EQ(credit.lines[i].counter_after_ml, charge.lines[i].counter_before_ml);
  }
}

TEST(RatingTest, ACreditBelowZeroIsTakenAtTheFirstTier) {
  const Rating rating = RateOf(Beijing(), 5, -10);
  EXPECT_EQ(rating.total_fen, -10 * 500);
  EXPECT_EQ(rating.counter_after_ml, -5 * kM3);
}

TEST(RatingTest, AComponentMayChargeAShareOfTheVolume) {
  Component drainage = Flat("drainage", 1'700'000);
  drainage.volume_ratio_millionths = 900'000;
  const Rating rating = RateOf(YearTariff({drainage}), 0, 10);
  EXPECT_EQ(rating.lines[0].volume_ml, 9 * kM3);
  EXPECT_EQ(rating.total_fen, 1'530);
  EXPECT_EQ(rating.lines[0].counter_after_ml, 10 * kM3);  // the counter runs on metered volume
}

TEST(RatingTest, ALineIsRoundedHalfAwayFromZero) {
  const TariffDefinition tariff = YearTariff({Flat("water", 10'000)});  // one fen per m³
  const auto fen = [&](std::int64_t volume_ml) {
    return Rate(tariff, {0, 0, volume_ml, Day("2026-01-31")})->total_fen;
  };
  EXPECT_EQ(fen(499'999), 0);
  EXPECT_EQ(fen(500'000), 1);
  EXPECT_EQ(fen(-499'999), 0);
  EXPECT_EQ(fen(-500'000), -1);
}

TEST(RatingTest, TiersByRatioAndByMarkupGiveTheirPrices) {
  Component water = Tiered("water", {{10 * kM3, 2'800'000}, {15 * kM3, 0}, {20 * kM3, 0}, {0, 0}});
  auto& tiers = std::get<TieredPrice>(water.price).tiers;
  tiers[1].price = TierRatio{1'500'000};
  tiers[2].price = TierRatio{2'333'333};
  tiers[3].price = TierMarkup{5'600'000};
  const Rating rating = RateOf(MonthTariff({water}), 0, 30);
  ASSERT_EQ(rating.lines.size(), 4u);
  EXPECT_EQ(rating.lines[1].unit_price_micro_yuan, 4'200'000);
  EXPECT_EQ(rating.lines[2].unit_price_micro_yuan, 6'533'332);
  EXPECT_EQ(rating.lines[3].unit_price_micro_yuan, 8'400'000);
}

TEST(RatingTest, EveryLimitMovesWithTheHousehold) {
  TariffDefinition tariff = Beijing();
  tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, 4, 36 * kM3, 0, 0};
  using Limits = std::vector<std::int64_t>;
  EXPECT_EQ(RateOf(tariff, 0, 1, 0).limits_ml, (Limits{180 * kM3, 260 * kM3}));
  EXPECT_EQ(RateOf(tariff, 0, 1, 4).limits_ml, (Limits{180 * kM3, 260 * kM3}));
  EXPECT_EQ(RateOf(tariff, 0, 1, 5).limits_ml, (Limits{216 * kM3, 296 * kM3}));
  EXPECT_EQ(RateOf(tariff, 0, 1, 7).limits_ml, (Limits{288 * kM3, 368 * kM3}));
  tariff.household_allowance->max_persons = 6;
  EXPECT_EQ(RateOf(tariff, 0, 1, 7).limits_ml, (Limits{252 * kM3, 332 * kM3}));
}

TEST(RatingTest, TheFirstTierAloneMovesAndPushesTheOthersUp) {
  TariffDefinition tariff = Beijing();
  tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kTier1Only, 4, 36 * kM3, 0, 0};
  using Limits = std::vector<std::int64_t>;
  EXPECT_EQ(RateOf(tariff, 0, 1, 5).limits_ml, (Limits{216 * kM3, 260 * kM3}));
  const Rating wide = RateOf(tariff, 0, 300, 7);  // tier 1 ends at 288: tier 2 is empty
  EXPECT_EQ(wide.limits_ml, (Limits{288 * kM3}));
  EXPECT_EQ(wide.lines[0].volume_ml, 288 * kM3);
  EXPECT_EQ(wide.lines[1].tier, 3);
}

TEST(RatingTest, AFixedAllowanceIsGivenOnce) {
  TariffDefinition tariff = Beijing();
  tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, 4, 0, 100 * kM3, 0};
  EXPECT_EQ(RateOf(tariff, 0, 1, 4).limits_ml.front(), 180 * kM3);
  EXPECT_EQ(RateOf(tariff, 0, 1, 5).limits_ml.front(), 280 * kM3);
  EXPECT_EQ(RateOf(tariff, 0, 1, 9).limits_ml.front(), 280 * kM3);
}

TEST(RatingTest, AShortFirstYearHasItsShareOfTheLimits) {
  TariffDefinition laixi =
      YearTariff({Tiered("all", {{144 * kM3, 3'300'000}, {204 * kM3, 4'250'000}, {0, 7'100'000}})});
  laixi.effective_from = Day("2016-09-01");
  laixi.tier_rule->first_period = PartialPeriod::kByMonths;
  using Limits = std::vector<std::int64_t>;
  EXPECT_EQ(RateOf(laixi, 0, 1, 0, "2016-12-31").limits_ml, (Limits{48 * kM3, 68 * kM3}));
  EXPECT_EQ(RateOf(laixi, 0, 1, 0, "2017-01-01").limits_ml, (Limits{144 * kM3, 204 * kM3}));
  laixi.tier_rule->first_period = PartialPeriod::kFullLimits;
  EXPECT_EQ(RateOf(laixi, 0, 1, 0, "2016-12-31").limits_ml, (Limits{144 * kM3, 204 * kM3}));
}

TEST(RatingTest, MonthTiersGrowWithTheMonthsOfABillAfterTheAllowance) {
  TariffDefinition tariff = MonthTariff({Tiered("water", {{22 * kM3, 1}, {30 * kM3, 2}, {0, 3}})});
  tariff.tier_rule->months_per_bill = 2;
  tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, 4, 5 * kM3, 0, 0};
  EXPECT_EQ(RateOf(tariff, 0, 1, 5).limits_ml, (std::vector<std::int64_t>{54 * kM3, 70 * kM3}));
}

TEST(RatingTest, ADayBeforeTheTariffHoldsIsRefusedByName) {
  Violations bad;
  CheckRatingInput(Beijing(), {0, 0, 1, Day("2013-12-31")}, bad);
  ASSERT_EQ(bad.items().size(), 1u);
  EXPECT_EQ(bad.items()[0].field, "period_end");
}

TEST(RatingTest, AbsurdInputIsRefusedByName) {
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  Violations bad;
  CheckRatingInput(Beijing(), {-1, -1, kMin, Day("2026-01-01")}, bad);
  EXPECT_EQ(bad.items().size(), 3u);
}

TEST(RatingTest, TheLargestAcceptedInputFits) {
  Component water = Flat("water", kPriceMicroYuanMax);
  const auto rating =
      Rate(YearTariff({water}), {kPersonsMax, kVolumeMlMax, kVolumeMlMax, Day("2026-01-01")});
  ASSERT_TRUE(rating);
  EXPECT_EQ(rating->total_fen, 100'000'000'000'000'000);
}

TEST(RatingTest, ASumThatDoesNotFitIsRefused) {
  std::vector<Component> components;
  for (int i = 0; i < 20; ++i)
    components.push_back(Tiered("c" + std::to_string(i), {{1, kPriceMicroYuanMax}, {0, 0}}));
  for (Component& c : components) {
    std::get<TieredPrice>(c.price).tiers[1].price = TierRatio{kRatioMillionthsMax};
  }
  const auto rating = Rate(YearTariff(components), {0, 0, kVolumeMlMax, Day("2026-01-01")});
  ASSERT_FALSE(rating);
  EXPECT_EQ(rating.error().code, Code::kOutOfRange);
}

TEST(RatingTest, TheTierPeriodIsTheYearOrTheMonth) {
  EXPECT_EQ(TierPeriodOf(Beijing(), Day("2026-07-15")),
            (DateSpan{Day("2026-01-01"), Day("2026-12-31")}));
  EXPECT_EQ(TierPeriodOf(MonthTariff({}), Day("2028-02-15")),
            (DateSpan{Day("2028-02-01"), Day("2028-02-29")}));
}

}  // namespace
}  // namespace karez::billing
