// The meters as metering tells of them, and who has them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/meter.h"

namespace karez::accounts::store {

// Takes it when it is newer than what is here.
void UpsertMeter(pg::Tx& tx, const Context& context, const Meter& meter);

// In the caller's scope, held until the end of the transaction so that no twin binds it; in the
// order of ids.
std::vector<Meter> LockMeters(pg::Tx& tx, const Context& context, const std::vector<MeterId>& ids);
// Whatever its branch; not held.
std::optional<Meter> FindMeterByNumber(pg::Tx& tx, const Context& context,
                                       const std::string& number);

struct MeterUse {
  MeterId meter_id;
  std::optional<std::string> account_number;  // that has it now
  std::optional<Instant> last_end;            // when it last left an account
};
// One for each meter that was ever bound.
std::vector<MeterUse> FindMeterUses(pg::Tx& tx, const Context& context,
                                    const std::vector<MeterId>& ids);

// Keys that rows of an import wait for, "meter:<number>" or "branch:<code>", although it is here.
std::vector<std::string> FindArrivedKeys(pg::Tx& tx, const Context& context,
                                         const std::string& import_kind, int limit);

}  // namespace karez::accounts::store
