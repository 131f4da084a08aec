#include "services/billing/store/tariff_proto.h"

namespace karez::billing::store {
namespace {

Tier FromProto(const v1::Tier& in) {
  Tier out;
  if (in.has_upper_limit_ml()) out.upper_limit_ml = in.upper_limit_ml();
  switch (in.price_case()) {
    case v1::Tier::kPriceMicroYuan:
      out.price = TierPrice{in.price_micro_yuan()};
      break;
    case v1::Tier::kRatioMillionths:
      out.price = TierRatio{in.ratio_millionths()};
      break;
    case v1::Tier::kMarkupMicroYuan:
      out.price = TierMarkup{in.markup_micro_yuan()};
      break;
    case v1::Tier::PRICE_NOT_SET:
      break;
  }
  return out;
}

Component FromProto(const v1::Component& in) {
  Component out;
  out.code = in.code();
  out.name = in.name();
  out.kind = static_cast<ComponentKind>(in.kind());
  out.payee = static_cast<Payee>(in.payee());
  out.volume_ratio_millionths = in.volume_ratio_millionths();
  out.tax_treatment = in.tax_treatment();
  if (in.has_flat_price_micro_yuan()) {
    out.price = FlatPrice{in.flat_price_micro_yuan()};
  } else if (in.has_tiered()) {
    TieredPrice tiered;
    for (const auto& tier : in.tiered().tiers()) tiered.tiers.push_back(FromProto(tier));
    out.price = std::move(tiered);
  }
  return out;
}

void ToProto(const Tier& tier, v1::Tier& out) {
  if (tier.upper_limit_ml) out.set_upper_limit_ml(*tier.upper_limit_ml);
  if (const auto* price = std::get_if<TierPrice>(&tier.price)) {
    out.set_price_micro_yuan(price->micro_yuan);
  } else if (const auto* ratio = std::get_if<TierRatio>(&tier.price)) {
    out.set_ratio_millionths(ratio->millionths);
  } else if (const auto* markup = std::get_if<TierMarkup>(&tier.price)) {
    out.set_markup_micro_yuan(markup->micro_yuan);
  }
}

void ToProto(const Component& component, v1::Component& out) {
  out.set_code(component.code);
  out.set_name(component.name);
  out.set_kind(static_cast<v1::Component::Kind>(component.kind));
  out.set_payee(static_cast<v1::Component::Payee>(component.payee));
  out.set_volume_ratio_millionths(component.volume_ratio_millionths);
  out.set_tax_treatment(component.tax_treatment);
  if (const auto* flat = std::get_if<FlatPrice>(&component.price)) {
    out.set_flat_price_micro_yuan(flat->micro_yuan);
  } else if (const auto* tiered = std::get_if<TieredPrice>(&component.price)) {
    for (const Tier& tier : tiered->tiers) ToProto(tier, *out.mutable_tiered()->add_tiers());
  }
}

}  // namespace

TariffDefinition FromProto(const v1::TariffDefinition& in) {
  TariffDefinition out;
  out.code = in.code();
  out.name = in.name();
  if (const auto from = ParseDate(in.effective_from())) out.effective_from = *from;
  for (const auto& component : in.components()) out.components.push_back(FromProto(component));
  if (in.has_tier_rule()) {
    const auto& rule = in.tier_rule();
    out.tier_rule =
        TierRule{static_cast<TierPeriod>(rule.period()),
                 static_cast<PartialPeriod>(rule.first_period()), rule.months_per_bill()};
  }
  if (in.has_household_allowance()) {
    const auto& allowance = in.household_allowance();
    out.household_allowance = HouseholdAllowance{
        static_cast<AllowanceMethod>(allowance.method()), allowance.base_persons(),
        allowance.per_person_ml(), allowance.fixed_ml(), allowance.max_persons()};
  }
  if (in.has_mixed_use()) out.unknown_parts.emplace_back("mixed_use");
  if (in.has_minimum()) out.unknown_parts.emplace_back("minimum");
  if (in.has_over_quota()) out.unknown_parts.emplace_back("over_quota");
  out.price_change_method = static_cast<PriceChangeMethod>(in.price_change_method());
  out.medium = static_cast<Medium>(in.medium());
  return out;
}

void ToProto(const TariffDefinition& tariff, v1::TariffDefinition& out) {
  out.set_code(tariff.code);
  out.set_name(tariff.name);
  if (tariff.effective_from) out.set_effective_from(FormatDate(*tariff.effective_from));
  for (const Component& component : tariff.components) ToProto(component, *out.add_components());
  if (const auto& rule = tariff.tier_rule) {
    out.mutable_tier_rule()->set_period(static_cast<v1::TierRule::Period>(rule->period));
    out.mutable_tier_rule()->set_first_period(
        static_cast<v1::TierRule::PartialPeriod>(rule->first_period));
    out.mutable_tier_rule()->set_months_per_bill(rule->months_per_bill);
  }
  if (const auto& allowance = tariff.household_allowance) {
    auto& into = *out.mutable_household_allowance();
    into.set_method(static_cast<v1::HouseholdAllowance::Method>(allowance->method));
    into.set_base_persons(allowance->base_persons);
    into.set_per_person_ml(allowance->per_person_ml);
    into.set_fixed_ml(allowance->fixed_ml);
    into.set_max_persons(allowance->max_persons);
  }
  out.set_price_change_method(static_cast<v1::PriceChangeMethod>(tariff.price_change_method));
  out.set_medium(static_cast<v1::Medium>(tariff.medium));
}

}  // namespace karez::billing::store
