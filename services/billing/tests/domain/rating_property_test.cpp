// Invariants 1 to 8 of rating, over thousands of random tariffs and histories, and a reference that
// counts millilitre by millilitre.
#include <random>

#include <gtest/gtest.h>

#include "services/billing/domain/rating.h"
#include "services/billing/tests/domain/builders.h"

namespace karez::billing {
namespace {

using test::Day;
using test::Flat;
using test::YearTariff;

constexpr int kRounds = 2'000;

class RatingPropertyTest : public testing::Test {
 protected:
  std::int64_t Random(std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  }

  // Rising prices; small limits, so that the reference can count. A price of 10¹⁰ millionths per m³
  // makes a millilitre cost a fen: nothing is rounded.
  TariffDefinition RandomTariff() {
    Component water = Flat("water", 0);
    TieredPrice price;
    std::int64_t limit_ml = 0;
    std::int64_t yuan = Random(1, 9);
    const auto tiers = Random(1, 5);
    for (std::int64_t i = 0; i < tiers; ++i) {
      limit_ml += Random(1, 60);
      yuan += Random(0, 5);
      price.tiers.push_back({limit_ml, TierPrice{yuan * 10'000'000'000}});
    }
    price.tiers.back().upper_limit_ml.reset();
    water.price = price;
    TariffDefinition tariff = YearTariff({water, Flat("sewage", 20'000'000'000)});
    if (Random(0, 1) == 1) {
      tariff.household_allowance = HouseholdAllowance{
          Random(0, 1) == 1 ? AllowanceMethod::kShiftAll : AllowanceMethod::kTier1Only,
          static_cast<std::int32_t>(Random(1, 5)), Random(1, 20), Random(0, 10), 0};
    }
    return tariff;
  }

  static Rating Rated(const TariffDefinition& tariff, std::int64_t used, std::int64_t volume,
                      std::int32_t household) {
    return Rate(tariff, {household, used, volume, Day("2026-06-30")}).value();
  }

  static std::int64_t SumOf(const Rating& rating, const std::string& component) {
    std::int64_t sum = 0;
    for (const RatedLine& line : rating.lines) {
      if (line.component_code == component) sum += line.volume_ml;
    }
    return sum;
  }

  std::mt19937_64 random_{20'261'121};
};

// Price of one millilitre when `counter` is full before it.
std::int64_t PriceAt(const TariffDefinition& tariff, std::int64_t counter, std::int32_t household) {
  const auto& tiers = std::get<TieredPrice>(tariff.components[0].price).tiers;
  std::int64_t extra = 0;
  const auto& allowance = tariff.household_allowance;
  if (allowance && household > allowance->base_persons) {
    extra = (household - allowance->base_persons) * allowance->per_person_ml + allowance->fixed_ml;
  }
  const bool all = allowance && allowance->method == AllowanceMethod::kShiftAll;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    if (!tiers[i].upper_limit_ml ||
        counter < *tiers[i].upper_limit_ml + (all || i == 0 ? extra : 0)) {
      return std::get<TierPrice>(tiers[i].price).micro_yuan;
    }
  }
  return -1;
}

TEST_F(RatingPropertyTest, AgreesWithCountingEachMillilitre) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    const auto household = static_cast<std::int32_t>(Random(1, 9));
    const std::int64_t used = Random(0, 200);
    const std::int64_t volume = Random(0, 200);
    std::int64_t micro_yuan_ml = 0;
    for (std::int64_t ml = used; ml < used + volume; ++ml) {
      micro_yuan_ml += PriceAt(tariff, ml, household) + 20'000'000'000;
    }
    EXPECT_EQ(Rated(tariff, used, volume, household).total_fen, micro_yuan_ml / 10'000'000'000)
        << "round " << round;
  }
}

TEST_F(RatingPropertyTest, TierVolumesAddUpToTheBilledVolume) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    const std::int64_t volume = Random(-300, 300);
    const Rating rating = Rated(tariff, Random(0, 300), volume, 3);
    EXPECT_EQ(SumOf(rating, "water"), volume);
    EXPECT_EQ(SumOf(rating, "sewage"), volume);
    EXPECT_EQ(rating.counter_after_ml - rating.counter_before_ml, volume);
  }
}

TEST_F(RatingPropertyTest, AnyPartitionOfAYearCostsTheSame) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    std::int64_t counter = 0;
    std::int64_t parts_fen = 0;
    const auto bills = Random(1, 12);
    for (std::int64_t bill = 0; bill < bills; ++bill) {
      const std::int64_t volume = Random(-counter, 60);  // a credit now and then
      parts_fen += Rated(tariff, counter, volume, 6).total_fen;
      counter += volume;
    }
    EXPECT_EQ(Rated(tariff, 0, counter, 6).total_fen, parts_fen);
  }
}

TEST_F(RatingPropertyTest, MoreVolumeNeverCostsLessAndNeverBelowTheFirstTier) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    const std::int64_t used = Random(0, 200);
    const std::int64_t volume = Random(0, 200);
    const std::int64_t step =
        Rated(tariff, used, volume + 1, 3).total_fen - Rated(tariff, used, volume, 3).total_fen;
    const std::int64_t first = Rated(tariff, 0, 1, 3).total_fen;
    EXPECT_GE(step, first);
    EXPECT_GE(first, 0);
  }
}

TEST_F(RatingPropertyTest, AtALimitTheLowerTierChargesAndOneMoreBeginsTheNext) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    const Rating rating = Rated(tariff, 0, 1, 3);
    for (const std::int64_t limit : rating.limits_ml) {
      const Rating at = Rated(tariff, limit - 1, 1, 3);
      const Rating above = Rated(tariff, limit, 1, 3);
      EXPECT_LT(at.lines[0].tier, above.lines[0].tier);
    }
  }
}

TEST_F(RatingPropertyTest, RatingAgainGivesTheSameAndACreditItsNegation) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = RandomTariff();
    const std::int64_t used = Random(0, 200);
    const std::int64_t volume = Random(0, 200);
    EXPECT_EQ(Rated(tariff, used, volume, 4), Rated(tariff, used, volume, 4));
    EXPECT_EQ(Rated(tariff, used + volume, -volume, 4).total_fen,
              -Rated(tariff, used, volume, 4).total_fen);
  }
}

TEST_F(RatingPropertyTest, AHouseholdAtOrBelowTheBaseHasThePlainLimits) {
  for (int round = 0; round < kRounds; ++round) {
    TariffDefinition tariff = RandomTariff();
    TariffDefinition plain = tariff;
    plain.household_allowance.reset();
    const auto base = static_cast<std::int32_t>(Random(1, 6));
    tariff.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, base, 7, 3, 0};
    const auto household = static_cast<std::int32_t>(Random(0, base));
    EXPECT_EQ(Rated(tariff, 20, 100, household), Rated(plain, 20, 100, household));

    // Above it, the table is the plain one with every limit moved.
    TariffDefinition moved = plain;
    for (Tier& tier : std::get<TieredPrice>(moved.components[0].price).tiers) {
      if (tier.upper_limit_ml) *tier.upper_limit_ml += 2 * 7 + 3;
    }
    EXPECT_EQ(Rated(tariff, 20, 100, base + 2), Rated(moved, 20, 100, 0));
  }
}

TEST_F(RatingPropertyTest, RoundedLinesStayWithinHalfAFenEach) {
  for (int round = 0; round < kRounds; ++round) {
    const TariffDefinition tariff = YearTariff({Flat("water", Random(1, 9'000'000))});
    std::int64_t whole = 0;
    std::int64_t parts_fen = 0;
    const int bills = 12;
    for (int bill = 0; bill < bills; ++bill) {
      const std::int64_t volume = Random(0, 30'000'000);
      parts_fen += Rated(tariff, whole, volume, 0).total_fen;
      whole += volume;
    }
    EXPECT_LE(std::abs(Rated(tariff, 0, whole, 0).total_fen - parts_fen), bills);
  }
}

}  // namespace
}  // namespace karez::billing
