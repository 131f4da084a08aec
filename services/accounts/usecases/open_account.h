// Opens a water account (开户).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account.h"
#include "services/accounts/domain/address.h"
#include "services/accounts/domain/business_case.h"
#include "services/accounts/domain/customer.h"

namespace karez::accounts::usecases {

struct OpenAccountInput {
  CustomerId customer_id;
  AddressId address_id;
  BranchId branch_id;
  std::string tariff_code;
  int household_size = kDefaultHousehold;
  std::vector<NewBinding> meters;
  std::string note;
};

// What the fields must be, before anything is looked up.
void Check(const OpenAccountInput& input, Instant now, Violations& bad);

struct OpenedAccount {
  Account account;
  BusinessCase business_case;
};

// NOT_FOUND CUSTOMER_NOT_FOUND, ADDRESS_NOT_FOUND, BRANCH_NOT_FOUND, METER_NOT_FOUND;
// FAILED_PRECONDITION METER_BOUND, METER_INACTIVE, NUMBERS_EXHAUSTED.
Result<OpenedAccount> OpenAccount(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                  const OpenAccountInput& input);

// An account whose parts have been found, for use cases that bring their own.
struct NewAccount {
  std::string number;  // empty: the next of the numbering rule
  std::optional<Uuid> import_key;
  Customer customer;
  AddressId address_id;
  std::string address;
  AddressNames address_names;
  BranchId branch_id;
  std::string tariff_code;
  int household_size = kDefaultHousehold;
  std::vector<MeterBinding> bindings;
  std::string note;
};
Result<OpenedAccount> WriteNewAccount(pg::Tx& tx, const Context& context,
                                      const auth::Sealer& sealer, const NewAccount& parts);

}  // namespace karez::accounts::usecases
