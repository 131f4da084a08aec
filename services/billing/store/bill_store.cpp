#include "services/billing/store/bill_store.h"

#include "libs/base/assert.h"
#include "services/billing/store/bill_rows.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kOpenBills{"billing.open_bills", R"sql(
  SELECT s.bill_id, s.account_id, b.number, s.month, s.volume_ml, s.total_fen, s.open_fen, s.state,
         b.issue_time, b.due_date, s.version
    FROM bill_state s
    JOIN bill b ON b.tenant_id = $1 AND b.id = s.bill_id
   WHERE s.tenant_id = $1 AND s.account_id = $2 AND s.open_fen > 0
   ORDER BY s.month, b.issue_time, b.sequence, b.id)sql"};

constexpr pg::Query kFindStates{"billing.find_bill_states", R"sql(
  SELECT s.bill_id, s.account_id, b.number, s.month, s.volume_ml, s.total_fen, s.open_fen, s.state,
         b.issue_time, b.due_date, s.version
    FROM bill_state s
    JOIN bill b ON b.tenant_id = $1 AND b.id = s.bill_id
   WHERE s.tenant_id = $1 AND s.bill_id = ANY($2::uuid[])
   ORDER BY s.month, b.issue_time, b.sequence, b.id)sql"};

constexpr pg::Query kStatesAfter{"billing.bill_states_after", R"sql(
  SELECT s.bill_id, s.account_id, b.number, s.month, s.volume_ml, s.total_fen, s.open_fen, s.state,
         b.issue_time, b.due_date, s.version
    FROM bill_state s
    JOIN bill b ON b.tenant_id = $1 AND b.id = s.bill_id
   WHERE s.tenant_id = $1 AND s.bill_id > $2
   ORDER BY s.bill_id
   LIMIT $3)sql"};

constexpr pg::Query kGetBill{"billing.get_bill", R"sql(
  SELECT b.id AS bill_id, b.number, b.account_id, b.account_number, b.customer_name, b.address,
         b.household_size, b.month, b.sequence, b.period_end, b.tariff_id, b.tariff_code,
         b.tariff_version, b.settled_ml, b.carried_in_ml, b.carried_out_ml, b.volume_ml,
         b.limits_ml, b.total_fen, b.issue_time, b.due_date, s.open_fen, s.state, s.version,
         COALESCE(r.reason, '') AS reversed_reason
    FROM bill b
    JOIN bill_state s ON s.tenant_id = $1 AND s.bill_id = b.id
    JOIN account a ON a.tenant_id = $1 AND a.id = b.account_id
    LEFT JOIN bill_reversal r ON r.tenant_id = $1 AND r.bill_id = b.id
   WHERE b.tenant_id = $1 AND b.id = $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kListBills{"billing.list_bills", R"sql(
  SELECT b.id AS bill_id, b.number, b.account_id, b.account_number, b.customer_name, b.address,
         b.household_size, b.month, b.sequence, b.period_end, b.tariff_id, b.tariff_code,
         b.tariff_version, b.settled_ml, b.carried_in_ml, b.carried_out_ml, b.volume_ml,
         b.limits_ml, b.total_fen, b.issue_time, b.due_date, s.open_fen, s.state, s.version,
         COALESCE(r.reason, '') AS reversed_reason
    FROM bill b
    JOIN bill_state s ON s.tenant_id = $1 AND s.bill_id = b.id
    JOIN account a ON a.tenant_id = $1 AND a.id = b.account_id
    LEFT JOIN bill_reversal r ON r.tenant_id = $1 AND r.bill_id = b.id
   WHERE b.tenant_id = $1
     AND ($2::uuid[] IS NULL OR a.branch_id = ANY($2::uuid[]))
     AND ($3::uuid IS NULL OR b.account_id = $3)
     AND ($4::date IS NULL OR b.month = $4)
     AND (NOT $5 OR s.open_fen > 0)
     AND ($6::timestamptz IS NULL OR (b.issue_time, b.id) < ($6, $7::uuid))
   ORDER BY b.issue_time DESC, b.id DESC
   LIMIT $8)sql"};

constexpr pg::Query kListOpenBills{"billing.list_open_bills", R"sql(
  SELECT b.id AS bill_id, b.number, b.account_id, b.account_number, b.customer_name, b.address,
         b.household_size, b.month, b.sequence, b.period_end, b.tariff_id, b.tariff_code,
         b.tariff_version, b.settled_ml, b.carried_in_ml, b.carried_out_ml, b.volume_ml,
         b.limits_ml, b.total_fen, b.issue_time, b.due_date, s.open_fen, s.state, s.version,
         COALESCE(r.reason, '') AS reversed_reason
    FROM bill b
    JOIN bill_state s ON s.tenant_id = $1 AND s.bill_id = b.id
    LEFT JOIN bill_reversal r ON r.tenant_id = $1 AND r.bill_id = b.id
   WHERE b.tenant_id = $1 AND s.account_id = $2 AND s.open_fen > 0
   ORDER BY b.month, b.issue_time, b.sequence, b.id)sql"};

constexpr pg::Query kBillLines{"billing.bill_lines", R"sql(
  SELECT component_code, component_name, payee, tier, volume_ml, unit_price_micro_yuan, amount_fen,
         counter_before_ml, counter_after_ml
    FROM bill_line
   WHERE tenant_id = $1 AND bill_id = $2
   ORDER BY line)sql"};

constexpr pg::Query kBillMeters{"billing.bill_meters", R"sql(
  SELECT settled_line_id, meter_id, meter_number, start_time, start_ml, end_time, end_ml, volume_ml,
         flags
    FROM bill_meter
   WHERE tenant_id = $1 AND bill_id = $2
   ORDER BY end_time, meter_number, settled_line_id)sql"};

constexpr pg::Query kCountBills{"billing.count_bills", R"sql(
  SELECT account_id, max(sequence) AS bills
    FROM bill
   WHERE tenant_id = $1 AND month = $2 AND account_id = ANY($3::uuid[])
   GROUP BY account_id)sql"};

constexpr pg::Query kBilledVolumes{"billing.billed_volumes", R"sql(
  SELECT account_id, month, sum(volume_ml)::bigint AS volume_ml
    FROM bill_state
   WHERE tenant_id = $1 AND account_id = ANY($2::uuid[]) AND month BETWEEN $3 AND $4
     AND state <> 'reversed'
   GROUP BY account_id, month)sql"};

constexpr pg::Query kSummarise{"billing.summarise", R"sql(
  WITH mine AS (
    SELECT id FROM account
     WHERE tenant_id = $1 AND ($2::uuid[] IS NULL OR branch_id = ANY($2::uuid[])))
  SELECT b.bills, b.billed_fen, p.payments, p.collected_fen, c.arrears_fen, c.credit_fen
    FROM (SELECT count(*) AS bills, COALESCE(sum(total_fen), 0)::bigint AS billed_fen
            FROM bill_state
           WHERE tenant_id = $1 AND state <> 'reversed'
             AND account_id IN (SELECT id FROM mine)) b,
         (SELECT count(*) AS payments, COALESCE(sum(p.amount_fen), 0)::bigint AS collected_fen
            FROM payment p
            LEFT JOIN payment_reversal r ON r.tenant_id = $1 AND r.payment_id = p.id
           WHERE p.tenant_id = $1 AND r.payment_id IS NULL
             AND p.account_id IN (SELECT id FROM mine)) p,
         (SELECT COALESCE(sum(arrears_fen), 0)::bigint AS arrears_fen,
                 COALESCE(sum(credit_fen), 0)::bigint AS credit_fen
            FROM account_balance
           WHERE tenant_id = $1 AND account_id IN (SELECT id FROM mine)) c)sql"};

BillRecord RecordFromRow(const pg::Row& row) {
  BillRecord record;
  record.state = StateFromRow(row);
  record.reversed_reason = row.Get<std::string>("reversed_reason");
  Bill& bill = record.bill;
  bill.id = record.state.id;
  bill.number = record.state.number;
  bill.account.id = record.state.account_id;
  bill.account.number = row.Get<std::string>("account_number");
  bill.account.customer_name = row.Get<std::string>("customer_name");
  bill.account.address = row.Get<std::string>("address");
  bill.account.household_size = row.Get<std::int32_t>("household_size");
  bill.month = record.state.month;
  bill.sequence = row.Get<std::int32_t>("sequence");
  bill.period_end = row.Get<LocalDate>("period_end");
  bill.tariff_id = row.Get<TariffId>("tariff_id");
  bill.tariff_code = row.Get<std::string>("tariff_code");
  bill.tariff_version = row.Get<std::int32_t>("tariff_version");
  bill.settled_ml = row.Get<std::int64_t>("settled_ml");
  bill.carried_in_ml = row.Get<std::int64_t>("carried_in_ml");
  bill.carried_out_ml = row.Get<std::int64_t>("carried_out_ml");
  bill.volume_ml = record.state.volume_ml;
  bill.limits_ml = row.Get<std::vector<std::int64_t>>("limits_ml");
  bill.total_fen = record.state.total_fen;
  bill.issue_time = record.state.issue_time;
  bill.due_date = record.state.due_date;
  return record;
}

RatedLine LineFromRow(const pg::Row& row) {
  RatedLine line;
  line.component_code = row.Get<std::string>("component_code");
  line.component_name = row.Get<std::string>("component_name");
  line.payee = static_cast<Payee>(row.Get<std::int32_t>("payee"));
  line.tier = row.Get<std::int32_t>("tier");
  line.volume_ml = row.Get<std::int64_t>("volume_ml");
  line.unit_price_micro_yuan = row.Get<std::int64_t>("unit_price_micro_yuan");
  line.amount_fen = row.Get<std::int64_t>("amount_fen");
  line.counter_before_ml = row.Get<std::int64_t>("counter_before_ml");
  line.counter_after_ml = row.Get<std::int64_t>("counter_after_ml");
  return line;
}

SettledLine MeterFromRow(const pg::Row& row) {
  SettledLine line;
  line.id = row.Get<SettledLineId>("settled_line_id");
  line.meter_id = row.Get<MeterId>("meter_id");
  line.meter_number = row.Get<std::string>("meter_number");
  line.start_time = row.Get<std::optional<Instant>>("start_time");
  line.start_ml = row.Get<std::int64_t>("start_ml");
  line.end_time = row.Get<std::optional<Instant>>("end_time");
  line.end_ml = row.Get<std::int64_t>("end_ml");
  line.volume_ml = row.Get<std::int64_t>("volume_ml");
  line.flags = row.Get<std::vector<std::string>>("flags");
  return line;
}

}  // namespace

std::string StateText(BillState::Kind kind) {
  switch (kind) {
    case BillState::Kind::kIssued:
      return "issued";
    case BillState::Kind::kPaid:
      return "paid";
    case BillState::Kind::kReversed:
      break;
  }
  return "reversed";
}

BillState StateFromRow(const pg::Row& row) {
  BillState state;
  state.id = row.Get<BillId>("bill_id");
  state.account_id = row.Get<AccountId>("account_id");
  state.number = row.Get<std::string>("number");
  state.month = MonthOf(row.Get<LocalDate>("month"));
  state.volume_ml = row.Get<std::int64_t>("volume_ml");
  state.total_fen = row.Get<std::int64_t>("total_fen");
  state.open_fen = row.Get<std::int64_t>("open_fen");
  const auto text = row.Get<std::string>("state");
  state.kind = text == "issued" ? BillState::Kind::kIssued
               : text == "paid" ? BillState::Kind::kPaid
                                : BillState::Kind::kReversed;
  state.issue_time = row.Get<Instant>("issue_time");
  state.due_date = row.Get<LocalDate>("due_date");
  state.version = row.Get<std::int64_t>("version");
  return state;
}

std::vector<BillState> OpenBills(pg::Tx& tx, const Context& context, AccountId account) {
  std::vector<BillState> out;
  for (const auto& row : tx.Exec(kOpenBills, context.tenant_id(), account)) {
    out.push_back(StateFromRow(row));
  }
  return out;
}

std::vector<BillState> FindStates(pg::Tx& tx, const Context& context,
                                  const std::vector<BillId>& bills) {
  std::vector<BillState> out;
  for (const auto& row : tx.Exec(kFindStates, context.tenant_id(), bills)) {
    out.push_back(StateFromRow(row));
  }
  return out;
}

std::vector<BillState> StatesAfter(pg::Tx& tx, const Context& context, BillId after, int limit) {
  std::vector<BillState> out;
  for (const auto& row : tx.Exec(kStatesAfter, context.tenant_id(), after, limit)) {
    out.push_back(StateFromRow(row));
  }
  return out;
}

Result<BillRecord> GetBill(pg::Tx& tx, const Context& context, BillId id) {
  const auto rows = tx.Exec(kGetBill, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) return Fail(Code::kNotFound, "BILL_NOT_FOUND", "There is no such bill.");
  BillRecord record = RecordFromRow(rows[0]);
  std::int64_t sum_fen = 0;
  for (const auto& row : tx.Exec(kBillLines, context.tenant_id(), id)) {
    record.bill.lines.push_back(LineFromRow(row));
    sum_fen += record.bill.lines.back().amount_fen;
  }
  KAREZ_ASSERT(sum_fen == record.bill.total_fen);
  for (const auto& row : tx.Exec(kBillMeters, context.tenant_id(), id)) {
    record.bill.meters.push_back(MeterFromRow(row));
  }
  return record;
}

std::vector<BillRecord> ListBills(pg::Tx& tx, const Context& context, const BillFilter& filter,
                                  const std::optional<BillKey>& after, int limit) {
  std::optional<LocalDate> month;
  if (filter.month) month = FirstDay(*filter.month);
  std::optional<Instant> after_time;
  std::optional<BillId> after_id;
  if (after) {
    after_time = after->issue_time;
    after_id = after->id;
  }
  std::vector<BillRecord> out;
  for (const auto& row :
       tx.Exec(kListBills, context.tenant_id(), context.scope().Limit(), filter.account, month,
               filter.open_only, after_time, after_id, limit)) {
    out.push_back(RecordFromRow(row));
  }
  return out;
}

std::vector<BillRecord> ListOpenBills(pg::Tx& tx, const Context& context, AccountId account) {
  std::vector<BillRecord> out;
  for (const auto& row : tx.Exec(kListOpenBills, context.tenant_id(), account)) {
    out.push_back(RecordFromRow(row));
  }
  return out;
}

std::map<AccountId, std::int32_t> CountBills(pg::Tx& tx, const Context& context, Month month,
                                             const std::vector<AccountId>& accounts) {
  std::map<AccountId, std::int32_t> out;
  for (const auto& row : tx.Exec(kCountBills, context.tenant_id(), FirstDay(month), accounts)) {
    out[row.Get<AccountId>("account_id")] = row.Get<std::int32_t>("bills");
  }
  return out;
}

std::map<AccountId, std::map<LocalDate, std::int64_t>> BilledVolumes(
    pg::Tx& tx, const Context& context, LocalDate first, LocalDate last,
    const std::vector<AccountId>& accounts) {
  std::map<AccountId, std::map<LocalDate, std::int64_t>> out;
  for (const auto& row : tx.Exec(kBilledVolumes, context.tenant_id(), accounts, first, last)) {
    out[row.Get<AccountId>("account_id")][row.Get<LocalDate>("month")] =
        row.Get<std::int64_t>("volume_ml");
  }
  return out;
}

Summary Summarise(pg::Tx& tx, const Context& context) {
  const auto rows = tx.Exec(kSummarise, context.tenant_id(), context.scope().Limit());
  const auto row = rows.One();  // reads from `rows`
  return {row.Get<std::int64_t>("bills"),       row.Get<std::int64_t>("billed_fen"),
          row.Get<std::int64_t>("payments"),    row.Get<std::int64_t>("collected_fen"),
          row.Get<std::int64_t>("arrears_fen"), row.Get<std::int64_t>("credit_fen")};
}

}  // namespace karez::billing::store
