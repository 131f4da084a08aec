#include "services/billing/domain/tariff.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using test::Beijing;
using test::Flat;
using test::kM3;
using test::Tiered;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The fields at fault, in order.
std::vector<std::string> FaultsOf(const TariffDefinition& tariff) {
  const auto result = CheckTariff(tariff, "definition");
  if (result) return {};
  EXPECT_EQ(result.error().code, Code::kInvalidArgument);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : result.error().violations) {
    fields.push_back(violation.field);
    EXPECT_FALSE(violation.description.empty());
  }
  return fields;
}

std::vector<Tier>& TiersOf(TariffDefinition& tariff) {
  return std::get<TieredPrice>(tariff.components[0].price).tiers;
}

TEST(TariffTest, ASoundDefinitionHasNoFault) { EXPECT_THAT(FaultsOf(Beijing()), IsEmpty()); }

TEST(TariffTest, AnEmptyDefinitionNamesAllThatIsMissing) {
  EXPECT_THAT(FaultsOf({}),
              ElementsAre("definition.code", "definition.effective_from", "definition.components"));
}

TEST(TariffTest, EveryFaultIsNamedAtOnce) {
  TariffDefinition tariff = Beijing();
  tariff.code = "Household";
  tariff.effective_from.reset();
  TiersOf(tariff)[1].upper_limit_ml = 100 * kM3;
  tariff.components[1].price = FlatPrice{-1};
  tariff.components[2].price = std::monostate();
  tariff.tier_rule.reset();
  EXPECT_THAT(
      FaultsOf(tariff),
      ElementsAre("definition.code", "definition.effective_from",
                  "definition.components[0].tiered.tiers[1].upper_limit_ml",
                  "definition.components[1].flat_price_micro_yuan",
                  "definition.components[2].flat_price_micro_yuan", "definition.tier_rule"));
}

TEST(TariffTest, OverlappingTiersSayWhereTheTierBelowEnds) {
  TariffDefinition tariff = Beijing();
  TiersOf(tariff)[1].upper_limit_ml = 180 * kM3;
  const auto result = CheckTariff(tariff, "tariff");
  ASSERT_FALSE(result);
  ASSERT_EQ(result.error().violations.size(), 1u);
  EXPECT_EQ(result.error().violations[0].field,
            "tariff.components[0].tiered.tiers[1].upper_limit_ml");
  EXPECT_THAT(result.error().violations[0].description, HasSubstr("180000000"));
}

TEST(TariffTest, OnlyTheLastTierHasNoTop) {
  TariffDefinition tariff = Beijing();
  TiersOf(tariff)[0].upper_limit_ml.reset();
  TiersOf(tariff)[2].upper_limit_ml = 900 * kM3;
  EXPECT_THAT(FaultsOf(tariff),
              ElementsAre("definition.components[0].tiered.tiers[0].upper_limit_ml",
                          "definition.components[0].tiered.tiers[2].upper_limit_ml"));
}

TEST(TariffTest, TheFirstTierNeedsAPriceOfItsOwn) {
  TariffDefinition tariff = Beijing();
  TiersOf(tariff)[0].price = TierRatio{1'500'000};
  TiersOf(tariff)[1].price = std::monostate();
  TiersOf(tariff)[2].price = TierRatio{0};
  EXPECT_THAT(FaultsOf(tariff),
              ElementsAre("definition.components[0].tiered.tiers[0].ratio_millionths",
                          "definition.components[0].tiered.tiers[1].price_micro_yuan",
                          "definition.components[0].tiered.tiers[2].ratio_millionths"));
}

TEST(TariffTest, ATieredPriceWithoutTiersIsRefused) {
  TariffDefinition tariff = Beijing();
  TiersOf(tariff).clear();
  EXPECT_THAT(FaultsOf(tariff), ElementsAre("definition.components[0].tiered.tiers"));
}

TEST(TariffTest, CodesOfComponentsAreUnique) {
  TariffDefinition tariff = Beijing();
  tariff.components[2].code = "water";
  EXPECT_THAT(FaultsOf(tariff), ElementsAre("definition.components[2].code"));
}

TEST(TariffTest, ValuesThatNoEnumKnowsAreRefused) {
  TariffDefinition tariff = Beijing();
  tariff.components[0].kind = static_cast<ComponentKind>(77);
  tariff.components[1].payee = static_cast<Payee>(-1);
  tariff.tier_rule->period = static_cast<TierPeriod>(9);
  tariff.tier_rule->first_period = static_cast<PartialPeriod>(9);
  tariff.medium = static_cast<Medium>(99);
  tariff.price_change_method = static_cast<PriceChangeMethod>(99);
  EXPECT_THAT(FaultsOf(tariff),
              ElementsAre("definition.components[0].kind", "definition.components[1].payee",
                          "definition.tier_rule.period", "definition.tier_rule.first_period",
                          "definition.price_change_method", "definition.medium"));
}

TEST(TariffTest, AnAllowanceMustSayHowForWhomAndHowMuch) {
  TariffDefinition tariff = Beijing();
  tariff.household_allowance = HouseholdAllowance{};
  EXPECT_THAT(FaultsOf(tariff), ElementsAre("definition.household_allowance.method",
                                            "definition.household_allowance.base_persons",
                                            "definition.household_allowance.per_person_ml"));
  tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, 4, -1, -1, 3};
  EXPECT_THAT(FaultsOf(tariff), ElementsAre("definition.household_allowance.per_person_ml",
                                            "definition.household_allowance.fixed_ml",
                                            "definition.household_allowance.max_persons"));
}

TEST(TariffTest, FiguresOutOfRangeAreRefused) {
  TariffDefinition tariff = Beijing();
  tariff.components[0].volume_ratio_millionths = 1'000'001;
  TiersOf(tariff)[2].price = TierPrice{kPriceMicroYuanMax + 1};
  tariff.tier_rule->months_per_bill = 13;
  EXPECT_THAT(FaultsOf(tariff),
              ElementsAre("definition.components[0].volume_ratio_millionths",
                          "definition.components[0].tiered.tiers[2].price_micro_yuan",
                          "definition.tier_rule.months_per_bill"));
}

TEST(TariffTest, PartsNotRatedYetAreRefusedByName) {
  const auto part_of = [](const TariffDefinition& tariff) {
    const auto result = CheckTariff(tariff, "tariff");
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().code, Code::kInvalidArgument);
    EXPECT_EQ(result.error().reason, "TARIFF_PART_UNSUPPORTED");
    return result.error().metadata.at("part");
  };
  TariffDefinition tariff = Beijing();
  tariff.unknown_parts = {"mixed_use"};
  EXPECT_EQ(part_of(tariff), "mixed_use");
  tariff = Beijing();
  tariff.tier_rule->period = TierPeriod::kAnniversaryYear;
  EXPECT_EQ(part_of(tariff), "tier_rule.period");
  tariff = Beijing();
  tariff.price_change_method = PriceChangeMethod::kDailyProration;
  EXPECT_EQ(part_of(tariff), "price_change_method");
  tariff = Beijing();
  tariff.medium = Medium::kHeat;
  tariff.unknown_parts = {"minimum", "over_quota"};
  EXPECT_EQ(part_of(tariff), "minimum, over_quota, medium");
}

}  // namespace
}  // namespace karez::billing
