// Tariffs and settled lines with sound defaults, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "services/billing/domain/bill.h"
#include "services/billing/domain/rating.h"
#include "services/billing/domain/tariff.h"

namespace karez::billing::test {

inline constexpr std::int64_t kM3 = 1'000'000;    // millilitres
inline constexpr std::int64_t kYuan = 1'000'000;  // millionths

inline LocalDate Day(const std::string& text) { return ParseDate(text).value(); }

inline Component Flat(std::string code, std::int64_t price, Payee payee = Payee::kUtility) {
  Component out;
  out.code = std::move(code);
  out.name = "fee " + out.code;
  out.kind = ComponentKind::kWater;
  out.payee = payee;
  out.price = FlatPrice{price};
  return out;
}

// Limits and prices from the lowest tier up; the last limit is ignored.
inline Component Tiered(std::string code,
                        std::initializer_list<std::pair<std::int64_t, std::int64_t>> tiers) {
  Component out = Flat(std::move(code), 0);
  TieredPrice price;
  for (const auto& [limit_ml, micro_yuan] : tiers) {
    price.tiers.push_back({limit_ml, TierPrice{micro_yuan}});
  }
  price.tiers.back().upper_limit_ml.reset();
  out.price = std::move(price);
  return out;
}

inline TariffDefinition YearTariff(std::vector<Component> components) {
  TariffDefinition out;
  out.code = "household";
  out.name = "households";
  out.effective_from = Day("2014-01-01");
  out.components = std::move(components);
  out.tier_rule = TierRule{TierPeriod::kCalendarYear, PartialPeriod::kUnspecified, 0};
  return out;
}

inline TariffDefinition MonthTariff(std::vector<Component> components) {
  TariffDefinition out = YearTariff(std::move(components));
  out.tier_rule->period = TierPeriod::kCalendarMonth;
  return out;
}

// Beijing: 180 / 260 m³ a year at 5, 7 and 9 yuan in all.
inline TariffDefinition Beijing() {
  return YearTariff(
      {Tiered("water", {{180 * kM3, 2'070'000}, {260 * kM3, 4'070'000}, {0, 6'070'000}}),
       Flat("sewage", 1'360'000, Payee::kGovernment),
       Flat("resource", 1'570'000, Payee::kGovernment)});
}

inline Rating RateOf(const TariffDefinition& tariff, std::int64_t used_m3, std::int64_t volume_m3,
                     std::int32_t household = 0, const std::string& day = "2026-06-30") {
  return Rate(tariff, {household, used_m3 * kM3, volume_m3 * kM3, Day(day)}).value();
}

inline SettledLine Settled(std::int64_t volume_m3, std::vector<std::string> flags = {}) {
  SettledLine out;
  out.id = SettledLineId::New();
  out.month = ParseMonth("2026-10").value();
  out.meter_id = MeterId::New();
  out.meter_number = "SL000001";
  out.account_id = AccountId::New();
  out.start_ml = 0;
  out.end_ml = volume_m3 * kM3;
  out.volume_ml = volume_m3 * kM3;
  out.flags = std::move(flags);
  return out;
}

}  // namespace karez::billing::test
