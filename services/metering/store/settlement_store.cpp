#include "services/metering/store/settlement_store.h"

#include "services/metering/store/row_text.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kInsert{"metering.insert_settlement", R"sql(
  INSERT INTO settlement (tenant_id, id, month, lines, volume_ml, flagged)
  VALUES ($1, $2, $3, $4, $5, $6))sql"};

constexpr pg::Query kRaise{"metering.raise_settlement", R"sql(
  UPDATE settlement
     SET lines = lines + $3, volume_ml = volume_ml + $4, flagged = flagged + $5
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kGet{"metering.get_settlement", R"sql(
  SELECT id, month, lines, volume_ml, flagged FROM settlement
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kList{"metering.list_settlements", R"sql(
  SELECT id, month, lines, volume_ml, flagged FROM settlement
   WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC
   LIMIT $3)sql"};

constexpr pg::Query kLockSettling{"metering.lock_settling", R"sql(
  SELECT pg_advisory_xact_lock(hashtext('metering.settling'), $1))sql"};

constexpr pg::Query kMonthCandidates{"metering.month_candidates", R"sql(
  SELECT b.id, b.account_id, b.meter_id, b.meter_number, b.from_time, b.from_ml, b.to_time,
         b.to_ml, m.diameter_mm, m.register_digits, line.end_time, line.end_ml, recent.daily_ml,
         last.time AS last_time, last.value_ml AS last_ml
    FROM binding b
    JOIN meter m ON m.tenant_id = b.tenant_id AND m.id = b.meter_id
    LEFT JOIN LATERAL (
         SELECT end_time, end_ml, final, month, kind FROM settlement_line
          WHERE tenant_id = $1 AND binding_id = b.id
          ORDER BY settled_at DESC, id DESC
          LIMIT 1) line ON true
    LEFT JOIN LATERAL (
         SELECT CASE WHEN $6 AND sum(hours) > 0
                     THEN (sum(volume_ml) * 24 / sum(hours))::bigint END AS daily_ml
           FROM (SELECT volume_ml, extract(epoch FROM end_time - start_time) / 3600 AS hours
                   FROM settlement_line
                  WHERE tenant_id = $1 AND binding_id = b.id AND volume_ml >= 0
                    AND NOT flags && '{no_reading,estimated}'
                  ORDER BY settled_at DESC, id DESC
                  LIMIT 3) three) recent ON true
    LEFT JOIN LATERAL (
         SELECT time, value_ml FROM reading
          WHERE tenant_id = $1 AND meter_id = b.meter_id AND register = 0
            AND time <= LEAST($3, b.to_time)
          ORDER BY time DESC
          LIMIT 1) last ON true
   WHERE b.tenant_id = $1 AND b.from_time < $3
     AND ($4::uuid IS NULL OR b.id > $4)
     AND NOT COALESCE(line.final, false)
     AND COALESCE(line.end_time <= $3, true)
     AND NOT EXISTS (SELECT FROM settlement_line f
                      WHERE f.tenant_id = $1 AND f.binding_id = b.id AND f.kind = 'monthly'
                        AND f.month >= $2)
   ORDER BY b.id
   LIMIT $5)sql"};

constexpr pg::Query kCountCandidates{"metering.count_month_candidates", R"sql(
  SELECT count(*) AS bindings
    FROM binding b
   WHERE b.tenant_id = $1 AND b.from_time < $3
     AND NOT EXISTS (SELECT FROM settlement_line f
                      WHERE f.tenant_id = $1 AND f.binding_id = b.id
                        AND (f.final OR f.end_time > $3
                             OR (f.kind = 'monthly' AND f.month >= $2))))sql"};

constexpr pg::Query kAccountCandidates{"metering.account_candidates", R"sql(
  SELECT b.id, b.account_id, b.meter_id, b.meter_number, b.from_time, b.from_ml, b.to_time,
         b.to_ml, m.diameter_mm, m.register_digits, line.end_time, line.end_ml,
         NULL AS daily_ml, last.time AS last_time, last.value_ml AS last_ml
    FROM binding b
    JOIN meter m ON m.tenant_id = b.tenant_id AND m.id = b.meter_id
    LEFT JOIN LATERAL (
         SELECT end_time, end_ml, final FROM settlement_line
          WHERE tenant_id = $1 AND binding_id = b.id
          ORDER BY settled_at DESC, id DESC
          LIMIT 1) line ON true
    LEFT JOIN LATERAL (
         SELECT time, value_ml FROM reading
          WHERE tenant_id = $1 AND meter_id = b.meter_id AND register = 0
            AND time <= LEAST($3, b.to_time)
          ORDER BY time DESC
          LIMIT 1) last ON true
   WHERE b.tenant_id = $1 AND b.account_id = $2 AND NOT COALESCE(line.final, false)
   ORDER BY b.id)sql"};

constexpr pg::Query kInsertLines{"metering.insert_settlement_lines", R"sql(
  INSERT INTO settlement_line (tenant_id, id, kind, month, binding_id, account_id, meter_id,
                               meter_number, start_time, start_ml, end_time, end_ml, volume_ml,
                               flags, final, settled_at)
  SELECT $1, id, kind, month, binding_id, account_id, meter_id, meter_number, start_time, start_ml,
         end_time, end_ml, volume_ml, string_to_array(flags, ','), final, $2
    FROM unnest($3::uuid[], $4::text[], $5::date[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[],
                $10::timestamptz[], $11::bigint[], $12::timestamptz[], $13::bigint[],
                $14::bigint[], $15::text[], $16::boolean[])
         AS l (id, kind, month, binding_id, account_id, meter_id, meter_number, start_time,
               start_ml, end_time, end_ml, volume_ml, flags, final)
   ORDER BY id
      ON CONFLICT DO NOTHING
  RETURNING id)sql"};

constexpr pg::Query kListLines{"metering.list_settlement_lines", R"sql(
  SELECT l.id, l.kind, l.month, l.binding_id, l.account_id, l.meter_id, l.meter_number,
         l.start_time, l.start_ml, l.end_time, l.end_ml, l.volume_ml, l.flags, l.final
    FROM settlement_line l
    JOIN account a ON a.tenant_id = l.tenant_id AND a.id = l.account_id
   WHERE l.tenant_id = $1 AND l.month = $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[]))
     AND ($5::uuid IS NULL OR (l.meter_number, l.id) > ($4, $5))
   ORDER BY l.meter_number, l.id
   LIMIT $6)sql"};

Settlement ToSettlement(const pg::Row& row) {
  return {row.Get<SettlementId>("id"), MonthOf(row.Get<LocalDate>("month")),
          row.Get<std::int64_t>("lines"), row.Get<std::int64_t>("volume_ml"),
          row.Get<std::int64_t>("flagged")};
}

std::optional<domain::Point> ToPoint(const pg::Row& row, const char* time, const char* ml) {
  const auto at = row.Get<std::optional<Instant>>(time);
  if (!at) return std::nullopt;
  return domain::Point{*at, row.Get<std::int64_t>(ml)};
}

std::vector<Candidate> ToCandidates(const pg::Rows& rows) {
  std::vector<Candidate> out;
  out.reserve(rows.size());
  for (const pg::Row row : rows) {
    Candidate candidate;
    candidate.binding = {row.Get<domain::BindingId>("id"),
                         row.Get<domain::AccountId>("account_id"),
                         row.Get<domain::MeterId>("meter_id"),
                         row.Get<std::string>("meter_number"),
                         {row.Get<int>("diameter_mm"), row.Get<int>("register_digits")},
                         {row.Get<Instant>("from_time"), row.Get<std::int64_t>("from_ml")},
                         ToPoint(row, "to_time", "to_ml")};
    candidate.settled = {ToPoint(row, "end_time", "end_ml"),
                         row.Get<std::optional<std::int64_t>>("daily_ml")};
    candidate.last = ToPoint(row, "last_time", "last_ml");
    out.push_back(std::move(candidate));
  }
  return out;
}

}  // namespace

void InsertSettlement(pg::Tx& tx, const Context& context, const Settlement& settlement) {
  tx.Exec(kInsert, context.tenant_id(), settlement.id, FirstDay(settlement.month), settlement.lines,
          settlement.volume_ml, settlement.flagged);
}

void RaiseSettlement(pg::Tx& tx, const Context& context, const Settlement& added) {
  tx.Exec(kRaise, context.tenant_id(), added.id, added.lines, added.volume_ml, added.flagged);
}

Result<Settlement> GetSettlement(pg::Tx& tx, const Context& context, SettlementId id) {
  const auto rows = tx.Exec(kGet, context.tenant_id(), id);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "SETTLEMENT_NOT_FOUND", "There is no settlement with this id.");
  }
  return ToSettlement(rows.One());
}

std::vector<Settlement> ListSettlements(pg::Tx& tx, const Context& context,
                                        const std::optional<SettlementId>& before, int limit) {
  std::vector<Settlement> out;
  for (const pg::Row row : tx.Exec(kList, context.tenant_id(), before, limit)) {
    out.push_back(ToSettlement(row));
  }
  return out;
}

void LockSettling(pg::Tx& tx, const Context& context) {
  tx.Exec(kLockSettling, context.tenant_id());
}

std::vector<Candidate> MonthCandidates(pg::Tx& tx, const Context& context,
                                       const MonthFilter& filter) {
  return ToCandidates(tx.Exec(kMonthCandidates, context.tenant_id(), FirstDay(filter.month),
                              filter.until, filter.after, filter.limit, filter.estimate));
}

std::int64_t CountMonthCandidates(pg::Tx& tx, const Context& context, Month month, Instant until) {
  return tx.Exec(kCountCandidates, context.tenant_id(), FirstDay(month), until)
      .One()
      .Get<std::int64_t>("bindings");
}

std::vector<Candidate> AccountCandidates(pg::Tx& tx, const Context& context,
                                         domain::AccountId account, Instant until) {
  return ToCandidates(tx.Exec(kAccountCandidates, context.tenant_id(), account, until));
}

std::vector<domain::LineId> InsertLines(pg::Tx& tx, const Context& context,
                                        std::span<const domain::Line> lines) {
  std::vector<domain::LineId> ids;
  std::vector<std::string> kinds, numbers, flags;
  std::vector<LocalDate> months;
  std::vector<domain::BindingId> bindings;
  std::vector<domain::AccountId> accounts;
  std::vector<domain::MeterId> meters;
  std::vector<Instant> starts, ends;
  std::vector<std::int64_t> start_ml, end_ml, volumes;
  std::vector<bool> finals;
  for (const domain::Line& line : lines) {
    ids.push_back(line.id);
    kinds.push_back(Name(line.kind));
    months.push_back(FirstDay(line.month));
    bindings.push_back(line.binding_id);
    accounts.push_back(line.account_id);
    meters.push_back(line.meter_id);
    numbers.push_back(line.meter_number);
    starts.push_back(line.start.time);
    start_ml.push_back(line.start.value_ml);
    ends.push_back(line.end.time);
    end_ml.push_back(line.end.value_ml);
    volumes.push_back(line.volume_ml);
    flags.push_back(JoinFlags(line.flags));
    finals.push_back(line.final);
  }
  std::vector<domain::LineId> inserted;
  for (const pg::Row row :
       tx.Exec(kInsertLines, context.tenant_id(), context.Now(), ids, kinds, months, bindings,
               accounts, meters, numbers, starts, start_ml, ends, end_ml, volumes, flags, finals)) {
    inserted.push_back(row.Get<domain::LineId>("id"));
  }
  return inserted;
}

std::vector<domain::Line> ListLines(pg::Tx& tx, const Context& context, const LineFilter& filter) {
  std::vector<domain::Line> out;
  for (const pg::Row row :
       tx.Exec(kListLines, context.tenant_id(), FirstDay(filter.month), context.scope().Limit(),
               filter.after_number, filter.after_id, filter.limit)) {
    domain::Line line;
    line.id = row.Get<domain::LineId>("id");
    line.kind = row.Get<std::string>("kind") == "monthly" ? domain::LineKind::kMonthly
                                                          : domain::LineKind::kInterim;
    line.month = MonthOf(row.Get<LocalDate>("month"));
    line.binding_id = row.Get<domain::BindingId>("binding_id");
    line.account_id = row.Get<domain::AccountId>("account_id");
    line.meter_id = row.Get<domain::MeterId>("meter_id");
    line.meter_number = row.Get<std::string>("meter_number");
    line.start = {row.Get<Instant>("start_time"), row.Get<std::int64_t>("start_ml")};
    line.end = {row.Get<Instant>("end_time"), row.Get<std::int64_t>("end_ml")};
    line.volume_ml = row.Get<std::int64_t>("volume_ml");
    line.flags = row.Get<std::vector<std::string>>("flags");
    line.final = row.Get<bool>("final");
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace karez::metering::store
