#include "services/billing/tests/fixture.h"

#include "services/billing/app.h"
#include "services/billing/jobs/bill_run.h"
#include "services/billing/store/account_store.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/run_store.h"
#include "services/billing/store/settled_store.h"
#include "services/billing/usecases/collect_payment.h"
#include "services/billing/usecases/publish_tariff.h"
#include "services/billing/usecases/start_bill_run.h"

namespace karez::billing::tests {

BillingTest::BillingTest() : database_("billing", Migrations()) {
  database_.AddTenant(kTenant, "shule");
  database_.AddTenant(kOther, "gaochang");
  // The clock stands in a year of its own, with partitions around it.
  database_.Sql("SET search_path = billing; SELECT ensure_partitions('2026-11-02')");
}

Context BillingTest::Staff(TenantId tenant, std::vector<BranchId> branches) const {
  const Context plain = karez::testing::StaffContext(tenant, clock_);
  auto own = std::make_shared<Tenant>(plain.tenant());
  own->settings = settings_;
  Principal principal = plain.principal();
  principal.scope = {.all = branches.empty(), .branches = std::move(branches)};
  return Context(own, principal, Uuid::V7(), plain.trace(), plain.deadline(), clock_);
}

Tariff BillingTest::Publish(TariffDefinition definition, TenantId tenant) {
  const Context context = Staff(tenant);
  return Run(context, [&](pg::Tx& tx) { return usecases::PublishTariff(tx, context, definition); })
      .value();
}

Account BillingTest::MakeAccount(const std::string& number, TenantId tenant) {
  Account account;
  account.id = AccountId::New();
  account.number = number;
  account.branch_id = BranchId::New();
  account.customer_name = "Test Person";
  account.address = "Apricot Court 1-101";
  account.tariff_code = "household";
  account.household_size = 3;
  account.version = 1;
  const Context context = Staff(tenant);
  Get(context, [&](pg::Tx& tx) {
    store::ApplyAccount(tx, context, account);
    return true;
  });
  return account;
}

SettledLine BillingTest::Settle(const Account& account, const std::string& month,
                                std::int64_t volume_ml, std::vector<std::string> flags,
                                TenantId tenant) {
  SettledLine line = test::Settled(0, std::move(flags));
  line.month = ParseMonth(month).value();
  line.account_id = account.id;
  line.volume_ml = volume_ml;
  line.end_ml = volume_ml;
  line.version = 1;
  return Apply(line, tenant);
}

SettledLine BillingTest::Apply(SettledLine line, TenantId tenant) {
  const Context context = Staff(tenant);
  const auto applied =
      Run(context, [&](pg::Tx& tx) { return store::ApplySettledLine(tx, context, line); });
  EXPECT_THAT(applied, Succeeds());
  return line;
}

Result<BillRun> BillingTest::Start(const std::string& month, TenantId tenant) {
  const Context context = Staff(tenant);
  return Run(context, [&](pg::Tx& tx) {
    return usecases::StartBillRun(tx, context, ParseMonth(month).value());
  });
}

bool BillingTest::Step(RunId run, TenantId tenant) {
  const Context context = Staff(tenant);
  return Run(context,
             [&](pg::Tx& tx) -> Result<bool> {
               const karez::jobs::OperationId id(run.value());
               ASSIGN_OR_RETURN(auto operation, karez::jobs::Get(tx, context, id));
               ASSIGN_OR_RETURN(const auto progress, jobs::BillRunStep(tx, context, operation));
               const bool more = progress == karez::jobs::Progress::kMore;
               static constexpr pg::Query kSave{"billing_test.save_operation", R"sql(
             UPDATE operation SET state = $3, done = $4, step = $5, cursor = $6
              WHERE tenant_id = $1 AND id = $2)sql"};
               tx.Exec(kSave, context.tenant_id(), id, more ? "running" : "succeeded",
                       operation.done, operation.step, operation.cursor);
               return more;
             })
      .value();
}

BillRun BillingTest::Bill(const std::string& month, TenantId tenant) {
  const RunId run = Start(month, tenant).value().id;
  while (Step(run, tenant)) {
  }
  // Bills are listed newest first: each run has an instant of its own.
  clock_.Advance(std::chrono::seconds(1));
  return ReadRun(run, tenant);
}

BillRun BillingTest::ReadRun(RunId run, TenantId tenant) {
  const Context context = Staff(tenant);
  return Run(context, [&](pg::Tx& tx) { return store::GetRun(tx, context, run); }).value();
}

Result<store::PaymentRecord> BillingTest::Pay(const Account& account, std::int64_t amount_fen,
                                              bool keep_surplus) {
  const Context context = Staff();
  return Run(context, [&](pg::Tx& tx) {
    return usecases::CollectPayment(tx, context,
                                    {.account_id = account.id,
                                     .amount_fen = amount_fen,
                                     .method = "cash",
                                     .keep_surplus_as_credit = keep_surplus});
  });
}

AccountBalance BillingTest::BalanceOf(const Account& account) {
  const Context context = Staff();
  return Get(context, [&](pg::Tx& tx) { return store::GetBalance(tx, context, account.id); });
}

std::vector<store::BillRecord> BillingTest::BillsOf(const Account& account, TenantId tenant) {
  const Context context = Staff(tenant);
  return Run(context,
             [&](pg::Tx& tx) -> Result<std::vector<store::BillRecord>> {
               std::vector<store::BillRecord> out;
               store::BillFilter filter;
               filter.account = account.id;
               for (const auto& row : store::ListBills(tx, context, filter, std::nullopt, 100)) {
                 ASSIGN_OR_RETURN(auto whole, store::GetBill(tx, context, row.bill.id));
                 out.push_back(std::move(whole));
               }
               return out;
             })
      .value();
}

store::BillRecord BillingTest::OnlyBill(const Account& account) {
  const auto bills = BillsOf(account);
  EXPECT_EQ(bills.size(), 1u);
  return bills.at(0);
}

std::int64_t BillingTest::Count(const std::string& from) {
  return std::stoll(database_.Value("SELECT count(*) FROM billing." + from));
}

std::vector<std::string> BillingTest::LedgerFaults() {
  const std::vector<std::pair<std::string, std::string>> checks = {
      {"bill total is the sum of its lines",
       "SELECT count(*) FROM billing.bill b WHERE total_fen <> (SELECT COALESCE(sum(amount_fen), "
       "0) "
       "FROM billing.bill_line l WHERE l.tenant_id = b.tenant_id AND l.bill_id = b.id)"},
      {"open amount is the receivable left in the ledger",
       "SELECT count(*) FROM billing.bill_state s WHERE open_fen <> (SELECT COALESCE(sum(CASE WHEN "
       "debit = 'receivable' THEN amount_fen ELSE -amount_fen END), 0) FROM billing.transfer t "
       "WHERE t.tenant_id = s.tenant_id AND t.bill_id = s.bill_id AND 'receivable' IN (debit, "
       "credit))"},
      {"arrears are the sum of open amounts",
       "SELECT count(*) FROM billing.account_balance a WHERE arrears_fen <> (SELECT "
       "COALESCE(sum(open_fen), 0) FROM billing.bill_state s WHERE s.tenant_id = a.tenant_id AND "
       "s.account_id = a.account_id)"},
      {"credit is the balance of unapplied money",
       "SELECT count(*) FROM billing.account_balance a WHERE credit_fen <> (SELECT "
       "COALESCE(sum(CASE WHEN credit = 'unapplied' THEN amount_fen ELSE -amount_fen END), 0) FROM "
       "billing.transfer t WHERE t.tenant_id = a.tenant_id AND t.account_id = a.account_id AND "
       "'unapplied' IN (debit, credit))"},
      {"carry is what was settled less what was billed",
       "SELECT count(*) FROM billing.account_balance a WHERE carry_ml <> (SELECT "
       "COALESCE(sum(b.settled_ml - b.volume_ml), 0) FROM billing.bill b JOIN billing.bill_state s "
       "ON s.tenant_id = b.tenant_id AND s.bill_id = b.id WHERE b.tenant_id = a.tenant_id AND "
       "b.account_id = a.account_id AND s.state <> 'reversed') + (SELECT COALESCE(sum(volume_ml), "
       "0) FROM billing.settled_line l WHERE l.tenant_id = a.tenant_id AND l.account_id = "
       "a.account_id AND l.state = 'skipped')"},
      {"a payment is its allocations and its credit",
       "SELECT count(*) FROM billing.payment p WHERE amount_fen <> credit_fen + (SELECT "
       "COALESCE(sum(amount_fen), 0) FROM billing.allocation a WHERE a.tenant_id = p.tenant_id AND "
       "a.payment_id = p.id)"},
      {"a billed line belongs to a bill that stands",
       "SELECT count(*) FROM billing.settled_line l LEFT JOIN billing.bill_state s ON s.tenant_id "
       "= "
       "l.tenant_id AND s.bill_id = l.bill_id WHERE l.state = 'billed' AND (s.bill_id IS NULL OR "
       "s.state = 'reversed')"},
  };
  std::vector<std::string> faults;
  for (const auto& [name, sql] : checks) {
    if (database_.Value(sql) != "0") faults.push_back(name);
  }
  return faults;
}

}  // namespace karez::billing::tests
