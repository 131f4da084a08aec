#include "services/accounts/store/view_store.h"

namespace karez::accounts::store {
namespace {

constexpr pg::Query kKeepBill{"accounts.keep_bill", R"sql(
  INSERT INTO bill_view AS t (tenant_id, bill_id, account_id, number, month, volume_ml, total_fen,
                              open_fen, state, issue_time, due_date, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      ON CONFLICT (tenant_id, bill_id) DO UPDATE
     SET account_id = excluded.account_id, number = excluded.number, month = excluded.month,
         volume_ml = excluded.volume_ml, total_fen = excluded.total_fen,
         open_fen = excluded.open_fen, state = excluded.state, issue_time = excluded.issue_time,
         due_date = excluded.due_date, version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kKeepPayment{"accounts.keep_payment", R"sql(
  INSERT INTO payment_view AS t (tenant_id, payment_id, account_id, receipt_number, amount_fen,
                                 method, cashier_name, time, reversed, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (tenant_id, payment_id) DO UPDATE
     SET account_id = excluded.account_id, receipt_number = excluded.receipt_number,
         amount_fen = excluded.amount_fen, method = excluded.method,
         cashier_name = excluded.cashier_name, time = excluded.time,
         reversed = excluded.reversed, version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kKeepBalance{"accounts.keep_balance", R"sql(
  INSERT INTO balance_view AS t (tenant_id, account_id, arrears_fen, credit_fen, version)
  VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (tenant_id, account_id) DO UPDATE
     SET arrears_fen = excluded.arrears_fen, credit_fen = excluded.credit_fen,
         version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kKeepReading{"accounts.keep_reading", R"sql(
  INSERT INTO meter_reading_view AS t (tenant_id, meter_id, time, value_ml, valve, battery_low,
                                       version)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
      ON CONFLICT (tenant_id, meter_id) DO UPDATE
     SET time = excluded.time, value_ml = excluded.value_ml, valve = excluded.valve,
         battery_low = excluded.battery_low, version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kFindBalance{"accounts.find_balance", R"sql(
  SELECT arrears_fen, credit_fen, version
    FROM balance_view
   WHERE tenant_id = $1 AND account_id = $2)sql"};

constexpr pg::Query kListBills{"accounts.list_bills", R"sql(
  SELECT bill_id, number, month, volume_ml, total_fen, open_fen, state, issue_time, due_date,
         version
    FROM bill_view
   WHERE tenant_id = $1 AND account_id = $2
   ORDER BY issue_time DESC, bill_id DESC
   LIMIT $3)sql"};

constexpr pg::Query kListPayments{"accounts.list_payments", R"sql(
  SELECT payment_id, receipt_number, amount_fen, method, cashier_name, time, reversed, version
    FROM payment_view
   WHERE tenant_id = $1 AND account_id = $2
   ORDER BY time DESC, payment_id DESC
   LIMIT $3)sql"};

constexpr pg::Query kListReadings{"accounts.list_readings", R"sql(
  SELECT meter_id, time, value_ml, valve, battery_low, version
    FROM meter_reading_view
   WHERE tenant_id = $1 AND meter_id = ANY($2::uuid[]))sql"};

}  // namespace

void Keep(pg::Tx& tx, const Context& context, const BillView& bill) {
  tx.Exec(kKeepBill, context.tenant_id(), bill.bill_id, bill.account_id, bill.number, bill.month,
          bill.volume_ml, bill.total_fen, bill.open_fen, bill.state, bill.issue_time, bill.due_date,
          bill.version);
}

void Keep(pg::Tx& tx, const Context& context, const PaymentView& payment) {
  tx.Exec(kKeepPayment, context.tenant_id(), payment.payment_id, payment.account_id,
          payment.receipt_number, payment.amount_fen, payment.method, payment.cashier_name,
          payment.time, payment.reversed, payment.version);
}

void Keep(pg::Tx& tx, const Context& context, const BalanceView& balance) {
  tx.Exec(kKeepBalance, context.tenant_id(), balance.account_id, balance.arrears_fen,
          balance.credit_fen, balance.version);
}

void Keep(pg::Tx& tx, const Context& context, const MeterReadingView& reading) {
  tx.Exec(kKeepReading, context.tenant_id(), reading.meter_id, reading.time, reading.value_ml,
          reading.valve, reading.battery_low, reading.version);
}

BalanceView FindBalance(pg::Tx& tx, const Context& context, AccountId account) {
  const auto rows = tx.Exec(kFindBalance, context.tenant_id(), account);
  if (rows.empty()) return {account, 0, 0, 0};
  const auto row = rows.One();
  return {account, row.Get<std::int64_t>("arrears_fen"), row.Get<std::int64_t>("credit_fen"),
          row.Get<std::int64_t>("version")};
}

std::vector<BillView> ListBills(pg::Tx& tx, const Context& context, AccountId account, int limit) {
  std::vector<BillView> out;
  for (const auto row : tx.Exec(kListBills, context.tenant_id(), account, limit)) {
    out.push_back({row.Get<Uuid>("bill_id"), account, row.Get<std::string>("number"),
                   row.Get<std::string>("month"), row.Get<std::int64_t>("volume_ml"),
                   row.Get<std::int64_t>("total_fen"), row.Get<std::int64_t>("open_fen"),
                   row.Get<std::string>("state"), row.Get<Instant>("issue_time"),
                   row.Get<std::string>("due_date"), row.Get<std::int64_t>("version")});
  }
  return out;
}

std::vector<PaymentView> ListPayments(pg::Tx& tx, const Context& context, AccountId account,
                                      int limit) {
  std::vector<PaymentView> out;
  for (const auto row : tx.Exec(kListPayments, context.tenant_id(), account, limit)) {
    out.push_back({row.Get<Uuid>("payment_id"), account, row.Get<std::string>("receipt_number"),
                   row.Get<std::int64_t>("amount_fen"), row.Get<std::string>("method"),
                   row.Get<std::string>("cashier_name"), row.Get<Instant>("time"),
                   row.Get<bool>("reversed"), row.Get<std::int64_t>("version")});
  }
  return out;
}

std::vector<MeterReadingView> ListReadings(pg::Tx& tx, const Context& context,
                                           const std::vector<MeterId>& meters) {
  std::vector<MeterReadingView> out;
  if (meters.empty()) return out;
  for (const auto row : tx.Exec(kListReadings, context.tenant_id(), meters)) {
    out.push_back({row.Get<MeterId>("meter_id"), row.Get<Instant>("time"),
                   row.Get<std::int64_t>("value_ml"), row.Get<std::string>("valve"),
                   row.Get<bool>("battery_low"), row.Get<std::int64_t>("version")});
  }
  return out;
}

}  // namespace karez::accounts::store
