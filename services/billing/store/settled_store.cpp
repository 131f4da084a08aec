#include "services/billing/store/settled_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kApplySettledLine{"billing.apply_settled_line", R"sql(
  INSERT INTO settled_line AS s (tenant_id, id, interim, month, meter_id, meter_number, account_id,
                                 start_time, start_ml, end_time, end_ml, volume_ml, flags, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13::text[], $14)
  ON CONFLICT (tenant_id, id) DO UPDATE
     SET meter_number = excluded.meter_number, start_time = excluded.start_time,
         start_ml = excluded.start_ml, end_time = excluded.end_time, end_ml = excluded.end_ml,
         volume_ml = excluded.volume_ml, flags = excluded.flags, version = excluded.version
   WHERE excluded.version > s.version
     AND (s.state = 'pending' OR s.volume_ml = excluded.volume_ml))sql"};

constexpr pg::Query kLineConflict{"billing.line_conflict", R"sql(
  SELECT EXISTS (SELECT FROM settled_line
                  WHERE tenant_id = $1 AND id = $2 AND version < $3 AND state <> 'pending')
         AS conflict)sql"};

constexpr pg::Query kIsSettled{"billing.is_settled", R"sql(
  SELECT EXISTS (SELECT FROM settled_line WHERE tenant_id = $1 AND month = $2) AS settled)sql"};

constexpr pg::Query kCountPendingAccounts{"billing.count_pending_accounts", R"sql(
  SELECT count(DISTINCT account_id) AS accounts
    FROM settled_line
   WHERE tenant_id = $1 AND month = $2 AND state = 'pending')sql"};

constexpr pg::Query kPendingAccounts{"billing.pending_accounts", R"sql(
  SELECT DISTINCT s.account_id
    FROM settled_line s
   WHERE s.tenant_id = $1 AND s.month = $2 AND s.state = 'pending' AND s.account_id > $3
     AND (NOT $4 OR EXISTS (SELECT FROM review_item r
                             WHERE r.tenant_id = $1 AND r.account_id = s.account_id
                               AND r.month = $2 AND NOT r.closed AND r.decision <> 0))
   ORDER BY s.account_id
   LIMIT $5)sql"};

constexpr pg::Query kPendingLines{"billing.pending_lines", R"sql(
  SELECT id, interim, month, meter_id, meter_number, account_id, start_time, start_ml, end_time,
         end_ml, volume_ml, flags, version
    FROM settled_line
   WHERE tenant_id = $1 AND month = $2 AND account_id = ANY($3::uuid[]) AND state = 'pending'
   ORDER BY account_id, interim DESC, end_time, meter_number, id)sql"};

constexpr pg::Query kVolumesBefore{"billing.volumes_before", R"sql(
  SELECT account_id, sum(volume_ml)::bigint AS volume_ml
    FROM settled_line
   WHERE tenant_id = $1 AND account_id = ANY($2::uuid[]) AND month >= $3 AND month < $4
   GROUP BY account_id, month
   ORDER BY account_id, month)sql"};

constexpr pg::Query kMarkSkipped{"billing.mark_skipped", R"sql(
  UPDATE settled_line SET state = 'skipped'
   WHERE tenant_id = $1 AND id = ANY($2::uuid[]))sql"};

constexpr pg::Query kRelease{"billing.release_lines", R"sql(
  UPDATE settled_line SET state = 'pending', bill_id = NULL
   WHERE tenant_id = $1 AND bill_id = $2)sql"};

SettledLine FromRow(const pg::Row& row) {
  SettledLine line;
  line.id = row.Get<SettledLineId>("id");
  line.interim = row.Get<bool>("interim");
  line.month = MonthOf(row.Get<LocalDate>("month"));
  line.meter_id = row.Get<MeterId>("meter_id");
  line.meter_number = row.Get<std::string>("meter_number");
  line.account_id = row.Get<AccountId>("account_id");
  line.start_time = row.Get<std::optional<Instant>>("start_time");
  line.start_ml = row.Get<std::int64_t>("start_ml");
  line.end_time = row.Get<std::optional<Instant>>("end_time");
  line.end_ml = row.Get<std::int64_t>("end_ml");
  line.volume_ml = row.Get<std::int64_t>("volume_ml");
  line.flags = row.Get<std::vector<std::string>>("flags");
  line.version = row.Get<std::int64_t>("version");
  return line;
}

}  // namespace

Result<void> ApplySettledLine(pg::Tx& tx, const Context& context, const SettledLine& line) {
  const auto applied =
      tx.Exec(kApplySettledLine, context.tenant_id(), line.id, line.interim, FirstDay(line.month),
              line.meter_id, line.meter_number, line.account_id, line.start_time, line.start_ml,
              line.end_time, line.end_ml, line.volume_ml, line.flags, line.version);
  if (applied.affected() > 0) return {};
  if (tx.Exec(kLineConflict, context.tenant_id(), line.id, line.version)
          .One()
          .Get<bool>("conflict")) {
    return Fail(Code::kFailedPrecondition, "SETTLED_LINE_BILLED",
                "The volume of settlement line " + line.id.str() +
                    " changed after it was billed. Reverse its bill, then apply the event again.");
  }
  return {};
}

bool IsSettled(pg::Tx& tx, const Context& context, Month month) {
  return tx.Exec(kIsSettled, context.tenant_id(), FirstDay(month)).One().Get<bool>("settled");
}

std::int64_t CountPendingAccounts(pg::Tx& tx, const Context& context, Month month) {
  return tx.Exec(kCountPendingAccounts, context.tenant_id(), FirstDay(month))
      .One()
      .Get<std::int64_t>("accounts");
}

std::vector<AccountId> PendingAccounts(pg::Tx& tx, const Context& context, Month month,
                                       AccountId after, bool decided, int limit) {
  std::vector<AccountId> out;
  for (const auto& row :
       tx.Exec(kPendingAccounts, context.tenant_id(), FirstDay(month), after, decided, limit)) {
    out.push_back(row.Get<AccountId>("account_id"));
  }
  return out;
}

std::map<AccountId, std::vector<SettledLine>> PendingLines(pg::Tx& tx, const Context& context,
                                                           Month month,
                                                           const std::vector<AccountId>& accounts) {
  std::map<AccountId, std::vector<SettledLine>> out;
  for (const auto& row : tx.Exec(kPendingLines, context.tenant_id(), FirstDay(month), accounts)) {
    out[row.Get<AccountId>("account_id")].push_back(FromRow(row));
  }
  return out;
}

std::map<AccountId, std::vector<std::int64_t>> VolumesBefore(
    pg::Tx& tx, const Context& context, Month month, const std::vector<AccountId>& accounts) {
  std::map<AccountId, std::vector<std::int64_t>> out;
  for (const auto& row : tx.Exec(kVolumesBefore, context.tenant_id(), accounts,
                                 FirstDay(month - std::chrono::months(3)), FirstDay(month))) {
    out[row.Get<AccountId>("account_id")].push_back(row.Get<std::int64_t>("volume_ml"));
  }
  return out;
}

void MarkSkipped(pg::Tx& tx, const Context& context, const std::vector<SettledLineId>& lines) {
  tx.Exec(kMarkSkipped, context.tenant_id(), lines);
}

void Release(pg::Tx& tx, const Context& context, BillId bill) {
  tx.Exec(kRelease, context.tenant_id(), bill);
}

}  // namespace karez::billing::store
