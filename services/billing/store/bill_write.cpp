// What is written about bills; reading is in bill_store.cpp.
#include "services/billing/store/bill_rows.h"
#include "services/billing/store/bill_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kInsertBills{"billing.insert_bills", R"sql(
  INSERT INTO bill (tenant_id, id, number, account_id, account_number, customer_name, address,
                    household_size, month, sequence, period_end, tariff_id, tariff_code,
                    tariff_version, settled_ml, carried_in_ml, carried_out_ml, volume_ml, limits_ml,
                    total_fen, issue_time, due_date)
  SELECT $1, id, number, account_id, account_number, customer_name, address, household_size, month,
         sequence, period_end, tariff_id, tariff_code, tariff_version, settled_ml, carried_in_ml,
         carried_out_ml, volume_ml, limits_ml::bigint[], total_fen, issue_time, due_date
    FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::int[],
                $9::date[], $10::int[], $11::date[], $12::uuid[], $13::text[], $14::int[],
                $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::text[],
                $20::bigint[], $21::timestamptz[], $22::date[])
         AS b(id, number, account_id, account_number, customer_name, address, household_size, month,
              sequence, period_end, tariff_id, tariff_code, tariff_version, settled_ml,
              carried_in_ml, carried_out_ml, volume_ml, limits_ml, total_fen, issue_time,
              due_date)
  RETURNING tenant_id)sql"};

constexpr pg::Query kInsertLines{"billing.insert_bill_lines", R"sql(
  INSERT INTO bill_line (tenant_id, bill_id, line, component_code, component_name, payee, tier,
                         volume_ml, unit_price_micro_yuan, amount_fen, counter_before_ml,
                         counter_after_ml)
  SELECT $1, bill_id, line, component_code, component_name, payee, tier, volume_ml,
         unit_price_micro_yuan, amount_fen, counter_before_ml, counter_after_ml
    FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::int[], $7::int[], $8::bigint[],
                $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
         AS l(bill_id, line, component_code, component_name, payee, tier, volume_ml,
              unit_price_micro_yuan, amount_fen, counter_before_ml, counter_after_ml)
  RETURNING tenant_id)sql"};

constexpr pg::Query kInsertMeters{"billing.insert_bill_meters", R"sql(
  INSERT INTO bill_meter (tenant_id, bill_id, settled_line_id, meter_id, meter_number, start_time,
                          start_ml, end_time, end_ml, volume_ml, flags)
  SELECT tenant_id, bill_id, id, meter_id, meter_number, start_time, start_ml, end_time, end_ml,
         volume_ml, flags
    FROM settled_line
   WHERE tenant_id = $1 AND bill_id = ANY($2::uuid[]))sql"};

constexpr pg::Query kMarkBilled{"billing.mark_billed", R"sql(
  UPDATE settled_line s
     SET state = 'billed', bill_id = b.bill_id
    FROM unnest($2::uuid[], $3::uuid[]) AS b(id, bill_id)
   WHERE s.tenant_id = $1 AND s.id = b.id)sql"};

constexpr pg::Query kInsertStates{"billing.insert_bill_states", R"sql(
  INSERT INTO bill_state (tenant_id, bill_id, account_id, month, tariff_code, period_end, volume_ml,
                          total_fen, open_fen, state, version)
  SELECT $1, s.bill_id, b.account_id, b.month, b.tariff_code, b.period_end, b.volume_ml,
         b.total_fen, s.open_fen, s.state, s.version
    FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::bigint[])
         AS s(bill_id, open_fen, state, version)
    JOIN bill b ON b.tenant_id = $1 AND b.id = s.bill_id
  RETURNING tenant_id)sql"};

constexpr pg::Query kUpdateStates{"billing.update_bill_states", R"sql(
  UPDATE bill_state b
     SET open_fen = s.open_fen, state = s.state, version = s.version
    FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::bigint[])
         AS s(bill_id, open_fen, state, version)
   WHERE b.tenant_id = $1 AND b.bill_id = s.bill_id)sql"};

constexpr pg::Query kInsertReversal{"billing.insert_bill_reversal", R"sql(
  INSERT INTO bill_reversal (tenant_id, bill_id, reason, reversed_by, reverse_time)
  VALUES ($1, $2, $3, $4, $5))sql"};

// One column of a batch.
template <class Item, class Fn>
auto Column(const std::vector<Item>& items, Fn value) {
  std::vector<std::decay_t<decltype(value(items.front()))>> out;
  out.reserve(items.size());
  for (const Item& item : items) out.push_back(value(item));
  return out;
}

std::string ArrayText(const std::vector<std::int64_t>& values) {
  std::string out = "{";
  for (const std::int64_t value : values) {
    if (out.size() > 1) out += ',';
    out += std::to_string(value);
  }
  return out + "}";
}

void InsertLines(pg::Tx& tx, const Context& context, const std::vector<Bill>& bills) {
  std::vector<BillId> owners;
  std::vector<std::int32_t> numbers;
  std::vector<RatedLine> lines;
  for (const Bill& bill : bills) {
    for (const RatedLine& line : bill.lines) {
      owners.push_back(bill.id);
      numbers.push_back(static_cast<std::int32_t>(&line - bill.lines.data() + 1));
      lines.push_back(line);
    }
  }
  if (lines.empty()) return;
  tx.Exec(kInsertLines, context.tenant_id(), owners, numbers,
          Column(lines, [](const auto& l) { return l.component_code; }),
          Column(lines, [](const auto& l) { return l.component_name; }),
          Column(lines, [](const auto& l) { return static_cast<std::int32_t>(l.payee); }),
          Column(lines, [](const auto& l) { return l.tier; }),
          Column(lines, [](const auto& l) { return l.volume_ml; }),
          Column(lines, [](const auto& l) { return l.unit_price_micro_yuan; }),
          Column(lines, [](const auto& l) { return l.amount_fen; }),
          Column(lines, [](const auto& l) { return l.counter_before_ml; }),
          Column(lines, [](const auto& l) { return l.counter_after_ml; }));
}

// The settled lines belong to their bills from here on, and the bills keep what they said.
void TakeMeters(pg::Tx& tx, const Context& context, const std::vector<Bill>& bills) {
  std::vector<SettledLineId> lines;
  std::vector<BillId> owners;
  for (const Bill& bill : bills) {
    for (const SettledLine& line : bill.meters) {
      lines.push_back(line.id);
      owners.push_back(bill.id);
    }
  }
  tx.Exec(kMarkBilled, context.tenant_id(), lines, owners);
  tx.Exec(kInsertMeters, context.tenant_id(), Column(bills, [](const Bill& b) { return b.id; }));
}

}  // namespace

void InsertBills(pg::Tx& tx, const Context& context, const std::vector<Bill>& bills,
                 const std::vector<BillState>& states) {
  if (bills.empty()) return;
  tx.Exec(kInsertBills, context.tenant_id(), Column(bills, [](const Bill& b) { return b.id; }),
          Column(bills, [](const Bill& b) { return b.number; }),
          Column(bills, [](const Bill& b) { return b.account.id; }),
          Column(bills, [](const Bill& b) { return b.account.number; }),
          Column(bills, [](const Bill& b) { return b.account.customer_name; }),
          Column(bills, [](const Bill& b) { return b.account.address; }),
          Column(bills, [](const Bill& b) { return b.account.household_size; }),
          Column(bills, [](const Bill& b) { return FirstDay(b.month); }),
          Column(bills, [](const Bill& b) { return b.sequence; }),
          Column(bills, [](const Bill& b) { return b.period_end; }),
          Column(bills, [](const Bill& b) { return b.tariff_id; }),
          Column(bills, [](const Bill& b) { return b.tariff_code; }),
          Column(bills, [](const Bill& b) { return b.tariff_version; }),
          Column(bills, [](const Bill& b) { return b.settled_ml; }),
          Column(bills, [](const Bill& b) { return b.carried_in_ml; }),
          Column(bills, [](const Bill& b) { return b.carried_out_ml; }),
          Column(bills, [](const Bill& b) { return b.volume_ml; }),
          Column(bills, [](const Bill& b) { return ArrayText(b.limits_ml); }),
          Column(bills, [](const Bill& b) { return b.total_fen; }),
          Column(bills, [](const Bill& b) { return b.issue_time; }),
          Column(bills, [](const Bill& b) { return b.due_date; }));
  InsertLines(tx, context, bills);
  TakeMeters(tx, context, bills);
  tx.Exec(kInsertStates, context.tenant_id(), Column(states, [](const auto& s) { return s.id; }),
          Column(states, [](const auto& s) { return s.open_fen; }),
          Column(states, [](const auto& s) { return StateText(s.kind); }),
          Column(states, [](const auto& s) { return s.version; }));
}

void UpdateStates(pg::Tx& tx, const Context& context, const std::vector<BillState>& states) {
  if (states.empty()) return;
  tx.Exec(kUpdateStates, context.tenant_id(), Column(states, [](const auto& s) { return s.id; }),
          Column(states, [](const auto& s) { return s.open_fen; }),
          Column(states, [](const auto& s) { return StateText(s.kind); }),
          Column(states, [](const auto& s) { return s.version; }));
}

void InsertReversal(pg::Tx& tx, const Context& context, BillId bill, const std::string& reason) {
  tx.Exec(kInsertReversal, context.tenant_id(), bill, reason, context.principal().subject,
          context.Now());
}

}  // namespace karez::billing::store
