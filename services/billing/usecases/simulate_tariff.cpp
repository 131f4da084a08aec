#include "services/billing/usecases/simulate_tariff.h"

#include "services/billing/store/account_store.h"
#include "services/billing/store/bill_store.h"

namespace karez::billing::usecases {
namespace {

// Faults of the tariff join those of the figures; parts not rated yet are refused alone.
Result<void> CheckAll(const TariffDefinition& tariff, Violations& bad) {
  const auto checked = CheckTariff(tariff, "tariff");
  if (!checked && checked.error().reason == "TARIFF_PART_UNSUPPORTED") return checked;
  if (!checked) bad.Add("", checked.error());
  return bad.Check();
}

}  // namespace

Result<Rating> SimulateTariff(const Simulation& simulation) {
  const RatingInput input{.household_size = simulation.household_size,
                          .used_before_ml = simulation.used_before_ml,
                          .volume_ml = simulation.volume_ml,
                          .period_end = simulation.period_end.value_or(LocalDate{})};
  Violations bad;
  if (!simulation.period_start) bad.Add("period_start", "Must be a day like 2026-05-01.");
  if (!simulation.period_end) bad.Add("period_end", "Must be a day like 2026-05-31.");
  if (simulation.period_start && simulation.period_end &&
      *simulation.period_start > *simulation.period_end) {
    bad.Add("period_end", "Must be on or after period_start.");
  }
  CheckRatingInput(simulation.tariff, input, bad);
  RETURN_IF_ERROR(CheckAll(simulation.tariff, bad));
  return Rate(simulation.tariff, input);
}

Result<Rating> SimulateForAccount(pg::Tx& tx, const Context& context,
                                  const AccountSimulation& simulation) {
  ASSIGN_OR_RETURN(const Account account, store::FindAccount(tx, context, simulation.account_id));
  RatingInput input{.household_size = account.household_size,
                    .used_before_ml = 0,
                    .volume_ml = simulation.volume_ml,
                    .period_end = simulation.period_end};
  const DateSpan period = TierPeriodOf(simulation.tariff, input.period_end);
  for (const auto& [id, months] :
       store::BilledVolumes(tx, context, period.first, period.last, {account.id})) {
    for (const auto& [month, volume_ml] : months) input.used_before_ml += volume_ml;
  }
  Violations bad;
  CheckRatingInput(simulation.tariff, input, bad);
  RETURN_IF_ERROR(CheckAll(simulation.tariff, bad));
  return Rate(simulation.tariff, input);
}

}  // namespace karez::billing::usecases
