// A database of billing with two utilities (2 and 3), and short ways to make what a test needs.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/jobs/operation.h"
#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/billing/domain/bill_run.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/payment_store.h"
#include "services/billing/tests/domain/builders.h"

namespace karez::billing::tests {

using karez::testing::FailsWith;
using karez::testing::RefusesField;
using karez::testing::Succeeds;
using test::kM3;

inline constexpr TenantId kTenant = 2;
inline constexpr TenantId kOther = 3;

class BillingTest : public ::testing::Test {
 protected:
  BillingTest();

  // Staff who sees all of the utility, or only these branches; the settings are the tenant's.
  Context Staff(TenantId tenant = kTenant, std::vector<BranchId> branches = {}) const;
  std::map<std::string, std::string> settings_;

  // Runs `work(tx)` in one transaction of the context's tenant; a refusal rolls back.
  template <class Work>
  auto Run(const Context& context, Work&& work) {
    return database_.pool().Transact({.tenant = context.tenant_id()}, std::forward<Work>(work));
  }
  // As Run, for work without a Result.
  template <class Work>
  auto Get(const Context& context, Work&& work) {
    using R = std::invoke_result_t<Work, pg::Tx&>;
    return *Run(context, [&](pg::Tx& tx) -> Result<R> { return work(tx); });
  }

  // Beijing's household tariff, from 2014 on.
  Tariff Publish(TariffDefinition definition = test::Beijing(), TenantId tenant = kTenant);
  Account MakeAccount(const std::string& number = "00000001", TenantId tenant = kTenant);
  SettledLine Settle(const Account& account, const std::string& month, std::int64_t volume_ml,
                     std::vector<std::string> flags = {}, TenantId tenant = kTenant);
  SettledLine Apply(SettledLine line, TenantId tenant = kTenant);

  Result<BillRun> Start(const std::string& month, TenantId tenant = kTenant);
  // One step of the run's operation; true while there is more.
  bool Step(RunId run, TenantId tenant = kTenant);
  // Starts a run and drives it to its end.
  BillRun Bill(const std::string& month, TenantId tenant = kTenant);
  BillRun ReadRun(RunId run, TenantId tenant = kTenant);

  Result<store::PaymentRecord> Pay(const Account& account, std::int64_t amount_fen,
                                   bool keep_surplus = false);
  AccountBalance BalanceOf(const Account& account);
  store::BillRecord OnlyBill(const Account& account);
  std::vector<store::BillRecord> BillsOf(const Account& account, TenantId tenant = kTenant);
  std::int64_t Count(const std::string& from);

  // What verify proves: the ledger agrees with bills, open amounts, balances and volumes.
  std::vector<std::string> LedgerFaults();

  ManualClock clock_{ParseInstant("2026-11-02T02:00:00Z").value()};
  karez::testing::Database database_;
};

}  // namespace karez::billing::tests
