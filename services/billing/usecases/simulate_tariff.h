// What would a bill be? Rates a volume by a definition that need not be published; changes nothing.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/ledger.h"
#include "services/billing/domain/rating.h"

namespace karez::billing::usecases {

struct Simulation {
  TariffDefinition tariff{};
  std::int32_t household_size = 0;
  std::int64_t used_before_ml = 0;
  std::int64_t volume_ml = 0;
  std::optional<LocalDate> period_start{};  // absent: missing or no date
  std::optional<LocalDate> period_end{};
};
// Lists every fault of the tariff (below `tariff`) and of the figures at once.
Result<Rating> SimulateTariff(const Simulation& simulation);

struct AccountSimulation {
  AccountId account_id{};
  TariffDefinition tariff{};
  std::int64_t volume_ml = 0;
  LocalDate period_end{};
};
// With the account's household size and the volume billed so far in the tier period. NOT_FOUND
// "ACCOUNT_NOT_FOUND".
Result<Rating> SimulateForAccount(pg::Tx& tx, const Context& context,
                                  const AccountSimulation& simulation);

}  // namespace karez::billing::usecases
