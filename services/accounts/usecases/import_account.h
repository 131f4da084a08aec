// One account from a file: customer, address, account and meter together, or nothing. The account
// is known by its number, or, when the file gives none, by its address and customer's name. What is
// there already is compared and never changed: changes are business cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/jobs/import.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/address.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts::usecases {

// A checked row; fields are named as the file's columns.
struct ImportedAccount {
  std::string number;  // may be empty
  Customer customer;   // its id is new and only used when the account is
  AddressNames address;
  std::string branch_code;
  std::string tariff_code;
  std::optional<int> household_size;
  std::string meter_number;  // empty: without a meter
  std::int64_t from_ml = 0;
  std::optional<Instant> from_time;  // absent: now
};

// "meter:<number>", what a row waits for.
std::string MeterKey(const std::string& meter_number);

// Of the file.
const std::vector<std::string>& RequiredColumns();
const std::vector<std::string>& OptionalColumns();

// A caller whose data scope is some branches may import for these only; the rows are applied later
// without the caller. INVALID_ARGUMENT for field csv names the line.
Result<void> CheckBranchesInScope(pg::Tx& tx, const Context& context, const std::string& csv);

// Waits for a meter or a branch that is not known here yet. Refusals name the column.
Result<karez::jobs::RowOutcome> ImportAccount(pg::Tx& tx, const Context& context,
                                              const auth::Sealer& sealer,
                                              const ImportedAccount& row);

}  // namespace karez::accounts::usecases
