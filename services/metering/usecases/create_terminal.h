// Registers a terminal, by call and by import.
#pragma once

#include <string>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/domain/terminal.h"

namespace karez::metering::usecases {

struct NewTerminal {
  std::string number;
  domain::Terminal::Kind kind = domain::Terminal::Kind::kAcknowledged;
  BranchId branch_id;
  std::string profile;   // of a transparent terminal
  int poll_seconds = 0;  // 0: 3600
};

// INVALID_ARGUMENT with all violations.
Result<domain::Terminal> DraftTerminal(const protocols::ProfileCatalogue& profiles,
                                       const NewTerminal& wanted);

// NOT_FOUND: BRANCH_NOT_FOUND. ALREADY_EXISTS: TERMINAL_NUMBER_TAKEN.
Result<void> CreateTerminal(pg::Tx& tx, const Context& context, const domain::Terminal& terminal);

}  // namespace karez::metering::usecases
