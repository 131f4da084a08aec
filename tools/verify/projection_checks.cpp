#include "tools/verify/check.h"

namespace karez::verify {
namespace {

// Both sides select tenant_id, key and state, a text of everything that is kept, the version first.
// Names and addresses are compared by digest: what is printed here is read by anyone.
struct Sides {
  std::string owner;
  std::string copy;
};

Probe Compare(std::string table, const Sides& sides) {
  return {std::move(table), "SELECT count(*) FROM (" + sides.owner + ") o",
          "SELECT tenant_id, key, COALESCE(o.state, 'no such row') AS expected, "
          "COALESCE(c.state, 'missing') AS found FROM (" +
              sides.owner + ") o FULL JOIN (" + sides.copy +
              ") c USING (tenant_id, key) WHERE o.state IS DISTINCT FROM c.state"};
}

Check Tenants() {
  Check check{"projections: tenants and branches", {}};
  for (const std::string service : {"accounts", "metering", "billing"}) {
    const auto tenants = [](const std::string& schema) {
      return "SELECT id AS tenant_id, code AS key, "
             "ROW(version, id, name, zone, active, settings)::text AS state FROM " +
             schema + ".tenant";
    };
    const auto branches = [](const std::string& schema) {
      return "SELECT tenant_id, id::text AS key, ROW(version, code, name)::text AS state FROM " +
             schema + ".branch";
    };
    check.probes.push_back(Compare(service + ".tenant", {tenants("identity"), tenants(service)}));
    check.probes.push_back(Compare(service + ".branch", {branches("identity"), branches(service)}));
  }
  return check;
}

Check Accounts() {
  return {"projections: accounts",
          {Compare("billing.account", {R"sql(SELECT a.tenant_id, a.id::text AS key,
                             ROW(a.version, a.number, a.branch_id, md5(c.name), md5(d.full_text),
                                 a.tariff_code, a.household_size, a.state = 'open')::text AS state
                        FROM accounts.account a
                        JOIN accounts.customer c
                          ON c.tenant_id = a.tenant_id AND c.id = a.customer_id
                        JOIN accounts.address d
                          ON d.tenant_id = a.tenant_id AND d.id = a.address_id)sql",
                                       R"sql(SELECT tenant_id, id::text AS key,
                             ROW(version, number, branch_id, md5(customer_name), md5(address),
                                 tariff_code, household_size, open)::text AS state
                        FROM billing.account)sql"}),
           Compare("metering.account", {R"sql(SELECT tenant_id, id::text AS key,
                             ROW(version, number, branch_id)::text AS state
                        FROM accounts.account)sql",
                                        R"sql(SELECT tenant_id, id::text AS key,
                             ROW(version, number, branch_id)::text AS state
                        FROM metering.account)sql"}),
           Compare("metering.binding", {R"sql(SELECT tenant_id, id::text AS key,
                             ROW(account_id, meter_id, meter_number, from_time, from_ml, to_time,
                                 to_ml)::text AS state
                        FROM accounts.meter_binding)sql",
                                        R"sql(SELECT tenant_id, id::text AS key,
                             ROW(account_id, meter_id, meter_number, from_time, from_ml, to_time,
                                 to_ml)::text AS state
                        FROM metering.binding)sql"}),
           {"accounts.search_token", "SELECT count(*) FROM accounts.account",
            R"sql(SELECT a.tenant_id, a.number AS key, 'found by its number' AS expected,
                     'no token' AS found
                FROM accounts.account a
               WHERE NOT EXISTS (SELECT FROM accounts.search_token t
                                  WHERE t.tenant_id = a.tenant_id AND t.account_id = a.id
                                    AND t.branch_id = a.branch_id
                                    AND t.token = 'n:' || lower(replace(a.number, '-', ''))))sql"}}};
}

Check Meters() {
  return {"projections: meters and readings",
          {Compare("accounts.meter", {R"sql(SELECT tenant_id, id::text AS key,
                                 ROW(version, number, branch_id, active)::text AS state
                            FROM metering.meter)sql",
                                      R"sql(SELECT tenant_id, id::text AS key,
                                 ROW(version, number, branch_id, active)::text AS state
                            FROM accounts.meter)sql"}),
           Compare("accounts.meter_reading_view", {R"sql(SELECT tenant_id, meter_id::text AS key,
                                 ROW(version, time, value_ml, valve, battery_low)::text AS state
                            FROM metering.latest_reading)sql",
                                                   R"sql(SELECT tenant_id, meter_id::text AS key,
                                 ROW(version, time, value_ml, valve, battery_low)::text AS state
                            FROM accounts.meter_reading_view)sql"})}};
}

Check SettledLines() {
  return {"projections: settled consumption",
          {Compare("billing.settled_line", {R"sql(SELECT tenant_id, id::text AS key,
                                 ROW(kind = 'interim', month, meter_id, meter_number, account_id,
                                     start_time, start_ml, end_time, end_ml, volume_ml,
                                     ARRAY(SELECT unnest(flags) ORDER BY 1))::text AS state
                            FROM metering.settlement_line)sql",
                                            R"sql(SELECT tenant_id, id::text AS key,
                                 ROW(interim, month, meter_id, meter_number, account_id,
                                     start_time, start_ml, end_time, end_ml, volume_ml,
                                     ARRAY(SELECT unnest(flags) ORDER BY 1))::text AS state
                            FROM billing.settled_line)sql"})}};
}

Check Bills() {
  return {"projections: bills, payments, balances",
          {Compare("accounts.bill_view", {R"sql(SELECT b.tenant_id, b.id::text AS key,
                             ROW(s.version, b.number, b.account_id, to_char(b.month, 'YYYY-MM'),
                                 b.volume_ml, b.total_fen, s.open_fen, s.state, b.issue_time,
                                 b.due_date::text)::text AS state
                        FROM billing.bill b
                        JOIN billing.bill_state s
                          ON s.tenant_id = b.tenant_id AND s.bill_id = b.id)sql",
                                          R"sql(SELECT tenant_id, bill_id::text AS key,
                             ROW(version, number, account_id, month, volume_ml, total_fen, open_fen,
                                 state, issue_time, due_date)::text AS state
                        FROM accounts.bill_view)sql"}),
           Compare("accounts.payment_view", {R"sql(SELECT p.tenant_id, p.id::text AS key,
                             ROW(CASE WHEN r.payment_id IS NULL THEN 1 ELSE 2 END, p.receipt_number,
                                 p.account_id, p.amount_fen, p.method, md5(p.cashier_name),
                                 p.pay_time, r.payment_id IS NOT NULL)::text AS state
                        FROM billing.payment p
                        LEFT JOIN billing.payment_reversal r
                          ON r.tenant_id = p.tenant_id AND r.payment_id = p.id)sql",
                                             R"sql(SELECT tenant_id, payment_id::text AS key,
                             ROW(version, receipt_number, account_id, amount_fen, method,
                                 md5(cashier_name), time, reversed)::text AS state
                        FROM accounts.payment_view)sql"}),
           // A row that was only locked has version 0 and has not been told of.
           Compare("accounts.balance_view", {R"sql(SELECT tenant_id, account_id::text AS key,
                             ROW(version, arrears_fen, credit_fen)::text AS state
                        FROM billing.account_balance WHERE version > 0)sql",
                                             R"sql(SELECT tenant_id, account_id::text AS key,
                             ROW(version, arrears_fen, credit_fen)::text AS state
                        FROM accounts.balance_view)sql"})}};
}

}  // namespace

std::vector<Check> ProjectionChecks() {
  return {Tenants(), Accounts(), Meters(), SettledLines(), Bills()};
}

}  // namespace karez::verify
