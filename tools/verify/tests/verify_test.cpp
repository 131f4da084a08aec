// A fault of each kind is planted into a consistent database, past every constraint, and must be
// named.
#include "tools/verify/verify.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/accounts/app.h"
#include "services/billing/app.h"
#include "services/identity/app.h"
#include "services/identity/usecases/append_audit.h"
#include "services/metering/app.h"
#include "tools/verify/journal.h"
#include "tools/verify/tests/world.h"

namespace karez::verify {
namespace {

using std::chrono::milliseconds;

// The months of the world, whatever the day of the test.
const LocalDate kToday = *ParseDate("2026-11-15");

std::vector<Check> AllChecks() {
  std::vector<Check> out;
  for (auto checks :
       {BillingChecks(), MeteringChecks(), ProjectionChecks(), DeliveryChecks(), AuditChecks()}) {
    std::move(checks.begin(), checks.end(), std::back_inserter(out));
  }
  return out;
}

// All tests look at one database, made before them and dropped after them.
class WorldEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    database_ = std::make_unique<karez::testing::Database>("identity", identity::Migrations());
    Migrate("accounts", accounts::Migrations());
    Migrate("metering", metering::Migrations());
    Migrate("billing", billing::Migrations());
    database_->Sql(tests::World());
    AddAuditRecords();
    const auto path = TemporaryPath();
    std::ofstream(path) << tests::JournalText();
    journal_ = ReadJournal(path).value();
    std::filesystem::remove(path);
  }
  void TearDown() override { database_.reset(); }

  static std::string TemporaryPath() {
    return std::filesystem::temp_directory_path() /
           ("karez-journal-" + std::to_string(getpid()) + ".jsonl");
  }
  karez::testing::Database& database() { return *database_; }
  const std::vector<JournalLine>& journal() const { return journal_; }

 private:
  void Migrate(const std::string& schema, const std::vector<pg::Migration>& migrations) {
    const auto done =
        pg::Migrate({.url = database_->Url("karez_migrate"), .password_file = "", .schema = schema},
                    migrations, kToday);
    ASSERT_THAT(done, karez::testing::Succeeds());
  }

  void AddAuditRecords() {
    const ManualClock clock(ParseInstant("2026-11-15T08:00:00.123456Z").value());
    const Context context = karez::testing::StaffContext(2, clock);
    for (const char* name : {"测试员", ""}) {
      identity::AuditEntry entry;
      entry.record_id = Uuid::V7();
      entry.happened_at = clock.Now();
      entry.service = "billing";
      entry.method = "karez.billing.v1.Billing/CollectPayment";
      entry.subject_name = name;
      entry.outcome = "OK";
      entry.request_json = "{\"note\": \"a \\\\ b\"}";
      database_->pool().RunTransaction({.tenant = TenantId{2}}, [&](pg::Tx& tx) {
        identity::usecases::AppendAudit(tx, context, entry);
        return true;
      });
    }
  }

  std::unique_ptr<karez::testing::Database> database_;
  std::vector<JournalLine> journal_;
};

auto* const kWorld = static_cast<WorldEnvironment*>(
    ::testing::AddGlobalTestEnvironment(new WorldEnvironment));  // gtest owns it

class VerifyTest : public ::testing::Test {
 protected:
  static std::vector<Proof> Proofs() {
    std::vector<Proof> out;
    for (const auto& check : AllChecks()) out.push_back(Prove(check));
    out.push_back(ProveReadings(kWorld->journal()));
    return out;
  }

  // With the rights that verify has; looks again until `settle` is over.
  std::vector<Verdict> Look(milliseconds settle) {
    pg::Pool pool({.url = kWorld->database().Url("karez_verify"), .password_file = "", .size = 1});
    return Verify(pool, Proofs(), settle);
  }

  // Plants the fault past every constraint, looks for it, and takes it back.
  std::vector<Verdict> LookWith(const std::string& fault) {
    std::vector<Verdict> out;
    pg::Pool pool({.url = kWorld->database().Url("postgres"), .password_file = "", .size = 1});
    pool.RunTransaction({}, [&](pg::Tx& tx) {
      tx.Command("SET LOCAL session_replication_role = replica");
      tx.Command(fault);
      for (const auto& proof : Proofs()) out.push_back(proof(tx));
      return false;
    });
    return out;
  }

  // What is wrong, as printed; empty when everything holds.
  static std::string Wrong(const std::vector<Verdict>& verdicts) {
    std::string out;
    for (const auto& verdict : verdicts) {
      if (!verdict.findings.empty()) out += Describe(verdict);
    }
    return out;
  }
};

TEST_F(VerifyTest, FindsNothingWrongInAConsistentDatabase) {
  const auto verdicts = Look(milliseconds(0));
  EXPECT_EQ(Wrong(verdicts), "");
  for (const auto& verdict : verdicts) {
    if (verdict.name == "every event delivered") continue;  // nothing is on its way
    EXPECT_GT(verdict.examined, 0) << verdict.name;
  }
}

struct Fault {
  const char* check;
  const char* table;
  const char* sql;
};

const Fault kFaults[] = {
    {"ledger double entry", "billing.transfer",
     "ALTER TABLE billing.transfer DROP CONSTRAINT transfer_check;"
     "UPDATE billing.transfer SET credit = debit WHERE debit = 'cash'"},
    {"ledger double entry", "billing.transfer",
     "INSERT INTO billing.transfer (tenant_id, accounting_date, id, debit, credit, amount_fen, "
     "account_id, cause, cause_id, reverses_id, transfer_time) SELECT tenant_id, accounting_date, "
     "gen_random_uuid(), credit, debit, amount_fen + 1, account_id, 'x', gen_random_uuid(), id, "
     "transfer_time FROM billing.transfer WHERE debit = 'cash'"},
    {"bills: lines add up", "billing.bill_line",
     "UPDATE billing.bill_line SET amount_fen = amount_fen + 1 WHERE line = 1"},
    {"bills: lines add up", "billing.transfer",
     "UPDATE billing.transfer SET credit = 'revenue:sewage' WHERE credit = 'payable:sewage'"},
    {"bills: open amounts", "billing.bill_state", "UPDATE billing.bill_state SET open_fen = 1"},
    {"bills: open amounts", "billing.allocation", "DELETE FROM billing.allocation"},
    {"bills: open amounts", "billing.bill_state",
     "INSERT INTO billing.bill_reversal SELECT tenant_id, id, '', '', issue_time FROM "
     "billing.bill"},
    {"account balances", "billing.account_balance",
     "UPDATE billing.account_balance SET credit_fen = 7"},
    {"account balances", "billing.account_balance", "DELETE FROM billing.account_balance"},
    {"account balances", "billing.account_balance",
     "UPDATE billing.account_balance SET carry_ml = 7"},
    {"payments", "billing.allocation", "UPDATE billing.payment SET credit_fen = 5"},
    {"payments", "billing.transfer",
     "UPDATE billing.transfer SET amount_fen = 999 WHERE cause = 'payment'"},
    {"settled lines billed once", "billing.settled_line", "DELETE FROM billing.bill_meter"},
    {"frames: received = stored + duplicate + quarantined", "metering.frame_account",
     "UPDATE metering.frame_account SET frames = 6 WHERE outcome = 'received'"},
    {"frames: received = stored + duplicate + quarantined", "metering.frame",
     "DELETE FROM metering.frame WHERE outcome = 'duplicate'"},
    {"frames: received = stored + duplicate + quarantined", "metering.quarantine",
     "UPDATE metering.quarantine SET reason = 'conflict'"},
    {"edges: every byte accounted for", "metering.edge_account",
     "UPDATE metering.edge_account SET garbage_bytes = 11"},
    {"latest readings", "metering.latest_reading",
     "DELETE FROM metering.reading WHERE value_ml = 13000000"},
    {"settlement: lines follow each other", "metering.settlement_line",
     "UPDATE metering.settlement_line SET volume_ml = 1"},
    {"readings: the fleet's journal", "metering.reading",
     "UPDATE metering.reading SET value_ml = 1 WHERE value_ml = 11000000"},
    {"readings: the fleet's journal", "metering.day_series",
     "UPDATE metering.day_series SET hours_ml[3] = 999"},
    {"readings: the fleet's journal", "metering.quarantine", "DELETE FROM metering.quarantine"},
    {"readings: the fleet's journal", "metering.frame_account",
     "UPDATE metering.frame_account SET frames = 4 WHERE outcome = 'received'"},
    {"projections: tenants and branches", "billing.tenant",
     "UPDATE billing.tenant SET settings = '{\"a\": \"b\"}'"},
    {"projections: tenants and branches", "metering.branch", "DELETE FROM metering.branch"},
    {"projections: accounts", "billing.account", "UPDATE billing.account SET version = 1"},
    {"projections: accounts", "metering.binding", "DELETE FROM metering.binding"},
    {"projections: accounts", "accounts.search_token", "DELETE FROM accounts.search_token"},
    {"projections: meters and readings", "accounts.meter",
     "UPDATE accounts.meter SET active = false"},
    {"projections: meters and readings", "accounts.meter_reading_view",
     "UPDATE accounts.meter_reading_view SET version = 1"},
    {"projections: settled consumption", "billing.settled_line",
     "UPDATE billing.settled_line SET volume_ml = 1"},
    {"projections: bills, payments, balances", "accounts.bill_view",
     "DELETE FROM accounts.bill_view"},
    {"projections: bills, payments, balances", "accounts.payment_view",
     "UPDATE accounts.payment_view SET amount_fen = 1"},
    {"projections: bills, payments, balances", "accounts.balance_view",
     "INSERT INTO accounts.balance_view VALUES (2, gen_random_uuid(), 1, 0, 1)"},
    {"every event delivered", "billing.outbox",
     "INSERT INTO billing.outbox (tenant_id, event_id, type, key, agg_type, agg_id, agg_version, "
     "traceparent, payload, created_at) VALUES (2, gen_random_uuid(), 't', 'k', 'bill', "
     "gen_random_uuid(), 1, '', '', '2026-11-01Z')"},
    {"every event delivered", "accounts.parked_event",
     "INSERT INTO accounts.parked_event (consumer, topic, partition, \"offset\", key, tenant_id, "
     "headers, payload, reason, attempts, first_at, last_at) VALUES ('accounts', 't', 0, 1, 'k', "
     "2, "
     "'{}', '', 'cannot', 1, '2026-11-01Z', '2026-11-01Z')"},
    {"numbers given once", "accounts.account",
     "ALTER TABLE accounts.account DROP CONSTRAINT account_tenant_id_number_key;"
     "INSERT INTO accounts.account SELECT tenant_id, gen_random_uuid(), number, branch_id, "
     "customer_id, address_id, tariff_code, household_size, state, open_date, close_date, NULL, "
     "version FROM accounts.account"},
    {"a meter serves one account at a time", "accounts.meter_binding",
     "DROP INDEX accounts.meter_binding_one_open; INSERT INTO accounts.meter_binding SELECT "
     "tenant_id, gen_random_uuid(), account_id, meter_id, meter_number, from_time, from_ml FROM "
     "accounts.meter_binding"},
    {"audit: the chain is whole", "identity.audit_record",
     "UPDATE identity.audit_record SET outcome = 'PERMISSION_DENIED' WHERE sequence = 1"},
    {"audit: the chain is whole", "identity.audit_record",
     "DELETE FROM identity.audit_record WHERE sequence = 1"},
    {"audit: the chain is whole", "identity.audit_chain",
     "DELETE FROM identity.audit_record WHERE sequence = 2"},
};

class FaultTest : public VerifyTest, public ::testing::WithParamInterface<Fault> {};

TEST_P(FaultTest, IsNamed) {
  bool named = false;
  for (const auto& verdict : LookWith(GetParam().sql)) {
    if (verdict.name != GetParam().check) continue;
    for (const auto& finding : verdict.findings) {
      named |= finding.table == GetParam().table;
      EXPECT_FALSE(finding.key.empty());
      EXPECT_NE(finding.expected, finding.found);
      EXPECT_EQ(finding.tenant, finding.table == "metering.edge_account" ? 0 : 2);
    }
  }
  EXPECT_TRUE(named) << GetParam().check << " does not name " << GetParam().table;
}

INSTANTIATE_TEST_SUITE_P(Every, FaultTest, ::testing::ValuesIn(kFaults));

TEST_F(VerifyTest, WhatIsOnItsWayMayArrive) {
  kWorld->database().Sql("DELETE FROM accounts.bill_view");
  std::thread later([&] {
    std::this_thread::sleep_for(milliseconds(700));
    kWorld->database().Sql(
        "INSERT INTO accounts.bill_view SELECT b.tenant_id, b.id, b.account_id, b.number, "
        "'2026-10', "
        "b.volume_ml, b.total_fen, 2000, 'issued', b.issue_time, b.due_date::text, 2 "
        "FROM billing.bill b");
  });
  EXPECT_EQ(Wrong(Look(std::chrono::seconds(20))), "");
  later.join();
}

TEST_F(VerifyTest, ADifferenceSaysWhatAndWhere) {
  EXPECT_THAT(
      Wrong(LookWith("UPDATE billing.bill_state SET open_fen = 1999")),
      ::testing::HasSubstr("tenant 2, billing.bill_state, 00000000-0000-0000-0000-000000000b11: "
                           "expected 2000, found 1999"));
}

TEST_F(VerifyTest, AJournalThatIsNoneIsRefused) {
  const auto path = WorldEnvironment::TemporaryPath();
  std::ofstream(path) << "{\"tenant\":1}\n";
  EXPECT_THAT(ReadJournal(path),
              karez::testing::FailsWith(Code::kInvalidArgument, "JOURNAL_MALFORMED"));
  std::filesystem::remove(path);
  EXPECT_THAT(ReadJournal("/nowhere/journal.jsonl"),
              karez::testing::FailsWith(Code::kNotFound, "JOURNAL_NOT_FOUND"));
}

}  // namespace
}  // namespace karez::verify
