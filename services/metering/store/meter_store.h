// Meters. Rows out of the caller's scope read as not there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/meter.h"

namespace karez::metering::store {

// ALREADY_EXISTS: METER_NUMBER_TAKEN, DEVICE_ADDRESS_TAKEN.
Result<void> InsertMeter(pg::Tx& tx, const Context& context, const domain::Meter& meter);

// NOT_FOUND: METER_NOT_FOUND.
Result<domain::Meter> GetMeter(pg::Tx& tx, const Context& context, domain::MeterId id);
std::optional<domain::Meter> FindMeter(pg::Tx& tx, const Context& context,
                                       const std::string& number);

struct MeterFilter {
  std::string number_prefix;
  std::optional<domain::TerminalId> terminal_id;
  std::string after_number;  // of the page before; empty for the first
  int limit = 50;
};
std::vector<domain::Meter> ListMeters(pg::Tx& tx, const Context& context,
                                      const MeterFilter& filter);

// The meters behind (terminal, address) pairs; a pair that nobody registered is absent. Whatever
// the scope: for frames.
std::vector<domain::Meter> MatchMeters(pg::Tx& tx, const Context& context,
                                       const std::vector<domain::TerminalId>& terminals,
                                       const std::vector<std::string>& addresses);
// All meters of a terminal, for the edge that polls them.
std::vector<domain::Meter> MetersOfTerminal(pg::Tx& tx, TenantId tenant,
                                            domain::TerminalId terminal);

// NOT_FOUND: BRANCH_NOT_FOUND, also when it is out of scope.
Result<void> RequireBranch(pg::Tx& tx, const Context& context, BranchId branch);
std::optional<BranchId> FindBranch(pg::Tx& tx, const Context& context, const std::string& code);

}  // namespace karez::metering::store
