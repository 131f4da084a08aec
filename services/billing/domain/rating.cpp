#include "services/billing/domain/rating.h"

#include <algorithm>
#include <limits>
#include <set>

#include "libs/base/money.h"

namespace karez::billing {
namespace {

constexpr std::int64_t kNoLimit = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kNoFloor = std::numeric_limits<std::int64_t>::min();

// A part of the metered volume between two states of the tier counter.
struct Slice {
  std::int32_t tier = 0;
  std::int64_t price_micro_yuan = 0;
  std::int64_t before_ml = 0;
  std::int64_t after_ml = 0;
};

std::int64_t AllowanceMl(const HouseholdAllowance& allowance, std::int32_t household_size) {
  std::int32_t persons = household_size == 0 ? allowance.base_persons : household_size;
  if (allowance.max_persons > 0) persons = std::min(persons, allowance.max_persons);
  const std::int32_t above = persons - allowance.base_persons;
  return above <= 0 ? 0 : above * allowance.per_person_ml + allowance.fixed_ml;
}

// Months of the tariff in the year of `day`, of 12.
int MonthsInYear(const TariffDefinition& tariff, LocalDate day) {
  const LocalDate from = *tariff.effective_from;
  if (from.year() != day.year()) return 12;
  return 13 - static_cast<int>(static_cast<unsigned>(from.month()));
}

// Limits of one component in the tier period of the bill; the last tier has kNoLimit.
Result<std::vector<std::int64_t>> LimitsAsApplied(const TariffDefinition& tariff,
                                                  const TieredPrice& tiered,
                                                  const RatingInput& input) {
  std::int64_t extra_ml = 0;
  bool every_tier = true;
  if (const auto& allowance = tariff.household_allowance) {
    extra_ml = AllowanceMl(*allowance, input.household_size);
    every_tier = allowance->method == AllowanceMethod::kShiftAll;
  }
  const TierRule& rule = *tariff.tier_rule;
  const bool yearly = rule.period == TierPeriod::kCalendarYear;
  const bool by_months = yearly && rule.first_period == PartialPeriod::kByMonths;
  const std::int64_t months = by_months
                                  ? MonthsInYear(tariff, input.period_end)
                                  : (yearly ? 12 : std::max<std::int64_t>(1, rule.months_per_bill));

  std::vector<std::int64_t> limits;
  std::int64_t below_ml = 0;
  for (const Tier& tier : tiered.tiers) {
    if (!tier.upper_limit_ml) {
      limits.push_back(kNoLimit);
      continue;
    }
    const bool moves = every_tier || limits.empty();
    const std::int64_t limit_ml = std::max(below_ml, *tier.upper_limit_ml + (moves ? extra_ml : 0));
    below_ml = limit_ml;
    ASSIGN_OR_RETURN(const auto applied_ml, MulDivRound(limit_ml, months, yearly ? 12 : 1));
    limits.push_back(applied_ml);
  }
  return limits;
}

Result<std::int64_t> PriceOf(const Tier& tier, const Tier& first) {
  const std::int64_t base = std::get<TierPrice>(first.price).micro_yuan;
  if (const auto* ratio = std::get_if<TierRatio>(&tier.price)) {
    return MulDivRound(base, ratio->millionths, kWholeMillionths);
  }
  if (const auto* markup = std::get_if<TierMarkup>(&tier.price)) {
    return AddExact(base, markup->micro_yuan);
  }
  return std::get<TierPrice>(tier.price).micro_yuan;
}

// Volume in tier i = max(0, min(u+q, L_i) - max(u, L_{i-1})); a credit has its ends swapped.
Result<std::vector<Slice>> PlaceInTiers(const TieredPrice& tiered,
                                        const std::vector<std::int64_t>& limits,
                                        std::int64_t before_ml, std::int64_t after_ml) {
  const std::int64_t low_ml = std::min(before_ml, after_ml);
  const std::int64_t high_ml = std::max(before_ml, after_ml);
  std::vector<Slice> slices;
  std::int64_t floor_ml = kNoFloor;
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::int64_t from_ml = std::max(low_ml, floor_ml);
    const std::int64_t to_ml = std::min(high_ml, limits[i]);
    floor_ml = limits[i];
    if (to_ml <= from_ml) continue;
    ASSIGN_OR_RETURN(const auto price, PriceOf(tiered.tiers[i], tiered.tiers.front()));
    const bool credit = after_ml < before_ml;
    slices.push_back({static_cast<std::int32_t>(i + 1), price, credit ? to_ml : from_ml,
                      credit ? from_ml : to_ml});
  }
  return slices;
}

Result<RatedLine> LineOf(const Component& component, const Slice& slice) {
  const std::int64_t ratio =
      component.volume_ratio_millionths == 0 ? kWholeMillionths : component.volume_ratio_millionths;
  RatedLine line;
  line.component_code = component.code;
  line.component_name = component.shown_name();
  line.payee = component.payee;
  line.tier = slice.tier;
  line.unit_price_micro_yuan = slice.price_micro_yuan;
  line.counter_before_ml = slice.before_ml;
  line.counter_after_ml = slice.after_ml;
  ASSIGN_OR_RETURN(line.volume_ml,
                   MulDivRound(slice.after_ml - slice.before_ml, ratio, kWholeMillionths));
  ASSIGN_OR_RETURN(line.amount_fen, LineAmountFen(line.volume_ml, slice.price_micro_yuan));
  return line;
}

}  // namespace

void CheckRatingInput(const TariffDefinition& tariff, const RatingInput& input, Violations& bad) {
  if (input.household_size < 0 || input.household_size > kPersonsMax) {
    bad.Add("household_size", "Must be from 0 to 10000; 0 means the allowance's base.");
  }
  if (input.used_before_ml < 0 || input.used_before_ml > kVolumeMlMax) {
    bad.Add("used_before_ml", "Must be from 0 to 1000000000000000 (10⁹ m³).");
  }
  if (input.volume_ml < -kVolumeMlMax || input.volume_ml > kVolumeMlMax) {
    bad.Add("volume_ml", "Must be from -1000000000000000 to 1000000000000000 (10⁹ m³).");
  }
  if (tariff.effective_from && input.period_end.ok() && input.period_end < *tariff.effective_from) {
    bad.Add("period_end", "The tariff holds from " + FormatDate(*tariff.effective_from) +
                              ": give a day on or after it.");
  }
}

Result<Rating> Rate(const TariffDefinition& tariff, const RatingInput& input) {
  Rating rating;
  rating.counter_before_ml = input.used_before_ml;
  ASSIGN_OR_RETURN(rating.counter_after_ml, AddExact(input.used_before_ml, input.volume_ml));
  std::set<std::int64_t> all_limits;
  for (const Component& component : tariff.components) {
    std::vector<Slice> slices;
    if (const auto* tiered = std::get_if<TieredPrice>(&component.price)) {
      ASSIGN_OR_RETURN(const auto limits, LimitsAsApplied(tariff, *tiered, input));
      all_limits.insert(limits.begin(), limits.end() - 1);
      ASSIGN_OR_RETURN(
          slices, PlaceInTiers(*tiered, limits, rating.counter_before_ml, rating.counter_after_ml));
    } else if (input.volume_ml != 0) {
      slices.push_back({0, std::get<FlatPrice>(component.price).micro_yuan,
                        rating.counter_before_ml, rating.counter_after_ml});
    }
    for (const Slice& slice : slices) {
      ASSIGN_OR_RETURN(auto line, LineOf(component, slice));
      ASSIGN_OR_RETURN(rating.total_fen, AddExact(rating.total_fen, line.amount_fen));
      rating.lines.push_back(std::move(line));
    }
  }
  rating.limits_ml.assign(all_limits.begin(), all_limits.end());
  return rating;
}

DateSpan TierPeriodOf(const TariffDefinition& tariff, LocalDate day) {
  using std::chrono::December;
  using std::chrono::January;
  const bool monthly = tariff.tier_rule && tariff.tier_rule->period == TierPeriod::kCalendarMonth;
  if (!monthly) return {day.year() / January / 1, day.year() / December / 31};
  const LocalDate first = FirstDay(MonthOf(day));
  return {first, AddDays(FirstDay(MonthOf(day) + std::chrono::months(1)), -1)};
}

}  // namespace karez::billing
