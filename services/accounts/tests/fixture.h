// A database of accounts with two utilities (2 and 3), each with branches "north" and "south", and
// short ways to make what a test needs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/auth/secrets.h"
#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/accounts/domain/meter.h"
#include "services/accounts/usecases/open_account.h"

namespace karez::accounts::tests {

using karez::testing::FailsWith;
using karez::testing::RefusesField;
using karez::testing::Succeeds;

inline constexpr TenantId kTenant = 2;
inline constexpr TenantId kOther = 3;

Instant At(std::string_view text);

class AccountsTest : public ::testing::Test {
 protected:
  AccountsTest();

  // Staff who sees all of the utility, or only these branches.
  Context Staff(TenantId tenant = kTenant, std::vector<BranchId> branches = {}) const;

  // Runs `work(tx)` in one transaction of the context's tenant; a refusal rolls back.
  template <class Work>
  auto Run(const Context& context, Work&& work) {
    return database_.pool().Transact({.tenant = context.tenant_id()}, std::forward<Work>(work));
  }
  // As Run, for work without an answer.
  template <class Work>
  void Do(const Context& context, Work&& work) {
    database_.pool().RunTransaction({.tenant = context.tenant_id()}, [&](pg::Tx& tx) {
      work(tx);
      return true;
    });
  }

  BranchId Branch(const std::string& code, TenantId tenant = kTenant) const;
  Customer MakeCustomer(const std::string& name, const std::string& phone = "13800001234",
                        TenantId tenant = kTenant);
  Address MakeAddress(const AddressNames& names, TenantId tenant = kTenant);
  Meter MakeMeter(const std::string& number, TenantId tenant = kTenant, bool active = true);

  // What OpenAccount takes, with sound defaults.
  usecases::OpenAccountInput OpenInput(const std::string& room = "101",
                                       const std::vector<NewBinding>& meters = {});
  Account Open(const usecases::OpenAccountInput& input);
  std::int64_t Count(const std::string& from);

  ManualClock clock_{At("2026-06-15T04:00:00Z")};
  karez::testing::Database database_;
  std::shared_ptr<const auth::Sealer> sealer_;
};

}  // namespace karez::accounts::tests
