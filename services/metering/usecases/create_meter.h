// Registers a meter, by call and by import.
#pragma once

#include <optional>
#include <string>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/domain/terminal.h"

namespace karez::metering::usecases {

struct NewMeter {
  std::string number;
  BranchId branch_id;
  std::string profile;
  int diameter_mm = 0;         // 0: 20
  std::string device_address;  // empty: from the number
  std::optional<domain::TerminalId> terminal_id;
  int register_digits = 0;  // 0: the profile's
};

// The meter with everything filled in. INVALID_ARGUMENT with all violations.
Result<domain::Meter> DraftMeter(const protocols::ProfileCatalogue& profiles,
                                 const NewMeter& wanted);

// Writes and publishes it. NOT_FOUND: TERMINAL_NOT_FOUND, BRANCH_NOT_FOUND. ALREADY_EXISTS:
// METER_NUMBER_TAKEN, DEVICE_ADDRESS_TAKEN.
Result<domain::Meter> CreateMeter(pg::Tx& tx, const Context& context, domain::Meter meter);

}  // namespace karez::metering::usecases
