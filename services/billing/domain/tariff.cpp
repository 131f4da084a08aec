#include "services/billing/domain/tariff.h"

#include <algorithm>
#include <set>

namespace karez::billing {
namespace {

constexpr std::size_t kCodeBytesMax = 40;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::int32_t kMonthsPerBillMax = 12;

std::string At(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

bool IsCode(const std::string& text) {
  if (text.empty() || text.size() > kCodeBytesMax || text.front() < 'a' || text.front() > 'z') {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

void CheckCode(Violations& bad, const std::string& path, const std::string& code) {
  if (!IsCode(code)) {
    bad.Add(path, "Must be 1 to 40 lower-case letters, digits and dashes, a letter first.");
  }
}

void CheckName(Violations& bad, const std::string& path, const std::string& name) {
  if (name.size() > kNameBytesMax) bad.Add(path, "Must be at most 200 bytes.");
}

void CheckPrice(Violations& bad, const std::string& path, std::int64_t micro_yuan) {
  if (micro_yuan < 0 || micro_yuan > kPriceMicroYuanMax) {
    bad.Add(path, "Must be from 0 to 1000000000000 (a million yuan per m³).");
  }
}

template <class Enum>
bool Known(Enum value, Enum last) {
  return static_cast<int>(value) >= 0 && static_cast<int>(value) <= static_cast<int>(last);
}
template <class Enum>
bool Chosen(Enum value, Enum last) {
  return value != Enum::kUnspecified && Known(value, last);
}

void CheckTierPrice(Violations& bad, const std::string& path, const Tier& tier, bool first) {
  if (const auto* price = std::get_if<TierPrice>(&tier.price)) {
    CheckPrice(bad, path + ".price_micro_yuan", price->micro_yuan);
    return;
  }
  const auto* ratio = std::get_if<TierRatio>(&tier.price);
  const auto* markup = std::get_if<TierMarkup>(&tier.price);
  if (ratio == nullptr && markup == nullptr) {
    bad.Add(path + ".price_micro_yuan",
            first ? "The first tier needs a price."
                  : "Give a price, a ratio to the first tier's price or a markup on it.");
    return;
  }
  const std::string field = path + (ratio ? ".ratio_millionths" : ".markup_micro_yuan");
  if (first) {
    bad.Add(field, "The first tier needs a price_micro_yuan; the others may refer to it.");
  } else if (ratio && (ratio->millionths <= 0 || ratio->millionths > kRatioMillionthsMax)) {
    bad.Add(field, "Must be from 1 to 1000000000; 1500000 is one and a half times.");
  } else if (markup) {
    CheckPrice(bad, field, markup->micro_yuan);
  }
}

void CheckTiers(Violations& bad, const std::string& path, const std::vector<Tier>& tiers) {
  if (tiers.empty() || tiers.size() > kTiersMax) {
    bad.Add(path, "Must have 1 to 20 tiers.");
    return;
  }
  std::int64_t below_ml = 0;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const std::string at = At(path, i);
    const auto& limit = tiers[i].upper_limit_ml;
    const bool last = i + 1 == tiers.size();
    if (last) {
      if (limit) bad.Add(at + ".upper_limit_ml", "The last tier has no top: leave it out.");
    } else if (!limit) {
      bad.Add(at + ".upper_limit_ml", "Only the last tier has no top: give one.");
    } else if (*limit <= below_ml) {
      bad.Add(at + ".upper_limit_ml", i == 0 ? std::string("Must be more than 0.")
                                             : "Must be above the tier below it, which ends at " +
                                                   std::to_string(below_ml) + ": tiers overlap.");
    } else if (*limit > kVolumeMlMax) {
      bad.Add(at + ".upper_limit_ml", "Must be at most 1000000000000000 (10⁹ m³).");
    }
    if (limit) below_ml = std::max(below_ml, *limit);
    CheckTierPrice(bad, at, tiers[i], i == 0);
  }
}

void CheckComponent(Violations& bad, const std::string& path, const Component& component) {
  CheckCode(bad, path + ".code", component.code);
  CheckName(bad, path + ".name", component.name);
  if (!Chosen(component.kind, ComponentKind::kBooster)) {
    bad.Add(path + ".kind", "Choose one of the kinds, e.g. KIND_WATER.");
  }
  if (!Chosen(component.payee, Payee::kGovernment)) {
    bad.Add(path + ".payee", "Must be PAYEE_UTILITY or PAYEE_GOVERNMENT.");
  }
  if (component.volume_ratio_millionths < 0 ||
      component.volume_ratio_millionths > kWholeMillionths) {
    bad.Add(path + ".volume_ratio_millionths",
            "Must be from 0 to 1000000; 900000 is 90 %, 0 means all.");
  }
  if (component.tax_treatment.size() > kCodeBytesMax) {
    bad.Add(path + ".tax_treatment", "Must be at most 40 bytes.");
  }
  if (const auto* flat = std::get_if<FlatPrice>(&component.price)) {
    CheckPrice(bad, path + ".flat_price_micro_yuan", flat->micro_yuan);
  } else if (const auto* tiered = std::get_if<TieredPrice>(&component.price)) {
    CheckTiers(bad, path + ".tiered.tiers", tiered->tiers);
  } else {
    bad.Add(path + ".flat_price_micro_yuan", "Give a flat price or tiers.");
  }
}

void CheckComponents(Violations& bad, const std::string& path,
                     const std::vector<Component>& components) {
  if (components.empty() || components.size() > kComponentsMax) {
    bad.Add(path, "Must have 1 to 20 components.");
    return;
  }
  std::set<std::string> codes;
  for (std::size_t i = 0; i < components.size(); ++i) {
    CheckComponent(bad, At(path, i), components[i]);
    if (!codes.insert(components[i].code).second) {
      bad.Add(At(path, i) + ".code", "Another component has this code: codes are unique.");
    }
  }
}

void CheckTierRule(Violations& bad, const std::string& path, const TierRule& rule) {
  if (!Chosen(rule.period, TierPeriod::kAnniversaryYear)) {
    bad.Add(path + ".period", "Must be PERIOD_CALENDAR_YEAR or PERIOD_CALENDAR_MONTH.");
  }
  if (!Known(rule.first_period, PartialPeriod::kByMonths)) {
    bad.Add(path + ".first_period",
            "Must be PARTIAL_PERIOD_FULL_LIMITS or PARTIAL_PERIOD_BY_MONTHS.");
  }
  if (rule.months_per_bill < 0 || rule.months_per_bill > kMonthsPerBillMax) {
    bad.Add(path + ".months_per_bill", "Must be from 0 to 12; 0 means 1.");
  }
}

void CheckAllowance(Violations& bad, const std::string& path, const HouseholdAllowance& allowance) {
  if (!Chosen(allowance.method, AllowanceMethod::kTier1Only)) {
    bad.Add(path + ".method", "Must be METHOD_SHIFT_ALL or METHOD_TIER1_ONLY.");
  }
  if (allowance.base_persons < 1 || allowance.base_persons > kPersonsMax) {
    bad.Add(path + ".base_persons", "Must be from 1 to 10000: persons the plain limits cover.");
  }
  if (allowance.per_person_ml < 0 || allowance.per_person_ml > kVolumeMlMax / kPersonsMax) {
    bad.Add(path + ".per_person_ml", "Must be from 0 to 100000000000 (100000 m³).");
  }
  if (allowance.fixed_ml < 0 || allowance.fixed_ml > kVolumeMlMax) {
    bad.Add(path + ".fixed_ml", "Must be from 0 to 1000000000000000 (10⁹ m³).");
  }
  if (allowance.per_person_ml == 0 && allowance.fixed_ml == 0) {
    bad.Add(path + ".per_person_ml", "Give per_person_ml or fixed_ml: the allowance adds nothing.");
  }
  if (allowance.max_persons != 0 && allowance.max_persons < allowance.base_persons) {
    bad.Add(path + ".max_persons", "Must be 0 (no cap) or at least base_persons.");
  }
}

// Path of the part, and what would be supported.
Violations UnsupportedParts(const TariffDefinition& tariff) {
  Violations parts;
  for (const std::string& part : tariff.unknown_parts) {
    parts.Add(part, "Not rated in this release: leave it out.");
  }
  if (tariff.tier_rule && tariff.tier_rule->period == TierPeriod::kAnniversaryYear) {
    parts.Add("tier_rule.period",
              "PERIOD_ANNIVERSARY_YEAR is not rated in this release: use a calendar period.");
  }
  if (tariff.price_change_method == PriceChangeMethod::kDailyProration ||
      tariff.price_change_method == PriceChangeMethod::kExtraReading) {
    parts.Add("price_change_method",
              "Only PRICE_CHANGE_METHOD_BY_READING_DATE is rated in this release.");
  }
  if (tariff.medium == Medium::kElectricity || tariff.medium == Medium::kGas ||
      tariff.medium == Medium::kHeat) {
    parts.Add("medium", "Only water and reclaimed water are rated in this release.");
  }
  return parts;
}

Result<void> CheckSupported(const TariffDefinition& tariff, const std::string& prefix) {
  const Violations parts = UnsupportedParts(tariff);
  if (parts.empty()) return {};
  std::string names;
  std::vector<FieldViolation> violations;
  for (const FieldViolation& part : parts.items()) {
    names += (names.empty() ? "" : ", ") + part.field;
    violations.push_back({prefix + "." + part.field, part.description});
  }
  return tl::make_unexpected(
      Error{Code::kInvalidArgument,
            "TARIFF_PART_UNSUPPORTED",
            "The tariff has parts that are not rated yet: " + names + ". Leave them out.",
            {{"part", names}},
            std::move(violations)});
}

}  // namespace

bool TariffDefinition::HasTiers() const {
  return std::any_of(components.begin(), components.end(), [](const Component& component) {
    return std::holds_alternative<TieredPrice>(component.price);
  });
}

Result<void> CheckTariff(const TariffDefinition& tariff, const std::string& prefix) {
  RETURN_IF_ERROR(CheckSupported(tariff, prefix));
  Violations bad;
  const std::string below = prefix + ".";
  CheckCode(bad, below + "code", tariff.code);
  CheckName(bad, below + "name", tariff.name);
  if (!tariff.effective_from) bad.Add(below + "effective_from", "Must be a day like 2026-05-01.");
  CheckComponents(bad, below + "components", tariff.components);
  if (tariff.tier_rule) {
    CheckTierRule(bad, below + "tier_rule", *tariff.tier_rule);
  } else if (tariff.HasTiers()) {
    bad.Add(below + "tier_rule",
            "A tariff with tiers needs one: say over which period they count.");
  }
  if (tariff.household_allowance) {
    CheckAllowance(bad, below + "household_allowance", *tariff.household_allowance);
  }
  if (!Known(tariff.price_change_method, PriceChangeMethod::kExtraReading)) {
    bad.Add(below + "price_change_method", "Must be PRICE_CHANGE_METHOD_BY_READING_DATE.");
  }
  if (!Known(tariff.medium, Medium::kHeat)) bad.Add(below + "medium", "Must be MEDIUM_WATER.");
  return bad.Check();
}

}  // namespace karez::billing
