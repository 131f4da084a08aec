#include "services/billing/store/run_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kActiveRun{"billing.active_run", R"sql(
  SELECT r.id
    FROM bill_run r
    JOIN operation o ON o.tenant_id = $1 AND o.id = r.id
   WHERE r.tenant_id = $1 AND r.month = $2 AND o.state IN ('running', 'waiting'))sql"};

// Twins take the same number: the second inserts nothing.
constexpr pg::Query kInsertRun{"billing.insert_run", R"sql(
  INSERT INTO bill_run (tenant_id, id, month, run_number)
  SELECT $1, $2, $3, COALESCE(max(run_number), 0) + 1
    FROM bill_run WHERE tenant_id = $1 AND month = $3
  ON CONFLICT (tenant_id, month, run_number) DO NOTHING)sql"};

constexpr pg::Query kGetRun{"billing.get_run", R"sql(
  SELECT id, month, issued, issued_fen, held, excluded, failed
    FROM bill_run
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kSaveRun{"billing.save_run", R"sql(
  UPDATE bill_run
     SET issued = $3, issued_fen = $4, held = $5, excluded = $6, failed = $7
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kListRuns{"billing.list_runs", R"sql(
  SELECT id, month, issued, issued_fen, held, excluded, failed
    FROM bill_run
   WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id < $2)
   ORDER BY id DESC
   LIMIT $3)sql"};

BillRun FromRow(const pg::Row& row) {
  return {.id = row.Get<RunId>("id"),
          .month = MonthOf(row.Get<LocalDate>("month")),
          .issued = row.Get<std::int64_t>("issued"),
          .issued_fen = row.Get<std::int64_t>("issued_fen"),
          .held = row.Get<std::int64_t>("held"),
          .excluded = row.Get<std::int64_t>("excluded"),
          .failed = row.Get<std::int64_t>("failed")};
}

}  // namespace

std::optional<RunId> ActiveRun(pg::Tx& tx, const Context& context, Month month) {
  const auto rows = tx.Exec(kActiveRun, context.tenant_id(), FirstDay(month));
  if (rows.empty()) return std::nullopt;
  return rows[0].Get<RunId>("id");
}

bool InsertRun(pg::Tx& tx, const Context& context, RunId id, Month month) {
  return tx.Exec(kInsertRun, context.tenant_id(), id, FirstDay(month)).affected() == 1;
}

Result<BillRun> GetRun(pg::Tx& tx, const Context& context, RunId id) {
  const auto rows = tx.Exec(kGetRun, context.tenant_id(), id);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "BILL_RUN_NOT_FOUND", "There is no such bill run.");
  }
  return FromRow(rows[0]);
}

void SaveRun(pg::Tx& tx, const Context& context, const BillRun& run) {
  tx.Exec(kSaveRun, context.tenant_id(), run.id, run.issued, run.issued_fen, run.held, run.excluded,
          run.failed);
}

std::vector<BillRun> ListRuns(pg::Tx& tx, const Context& context, std::optional<RunId> after,
                              int limit) {
  std::vector<BillRun> out;
  for (const auto& row : tx.Exec(kListRuns, context.tenant_id(), after, limit)) {
    out.push_back(FromRow(row));
  }
  return out;
}

}  // namespace karez::billing::store
