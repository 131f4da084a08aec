#include "libs/jobs/import.h"

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace karez::jobs {
namespace {

constexpr int kRowsPerStep = 250;
constexpr std::size_t kMaxBytes = 8 * 1024 * 1024;

constexpr pg::Query kInsertRows{"jobs.insert_import_rows", R"sql(
  INSERT INTO import_row (tenant_id, import_id, line, kind, cells, state)
  SELECT $1, $2, line, $3, cells, 'pending'
    FROM unnest($4::integer[], $5::jsonb[]) AS r(line, cells)
  RETURNING tenant_id)sql"};

constexpr pg::Query kPendingRows{"jobs.pending_import_rows", R"sql(
  SELECT import_id, line, cells::text AS cells FROM import_row
   WHERE tenant_id = $1 AND import_id = $2 AND state = 'pending' ORDER BY line LIMIT $3)sql"};

constexpr pg::Query kWaitingRows{"jobs.waiting_import_rows", R"sql(
  SELECT import_id, line, cells::text AS cells FROM import_row
   WHERE tenant_id = $1 AND kind = $2 AND waits_for = $3 AND state = 'waiting'
   ORDER BY import_id, line FOR UPDATE)sql"};

constexpr pg::Query kSaveRow{"jobs.save_import_row", R"sql(
  UPDATE import_row SET state = $4, field = $5, reason = $6, number = $7, waits_for = $8
   WHERE tenant_id = $1 AND import_id = $2 AND line = $3)sql"};

constexpr pg::Query kCountRows{"jobs.count_import_rows", R"sql(
  SELECT state, count(*) AS rows FROM import_row
   WHERE tenant_id = $1 AND import_id = $2 GROUP BY state)sql"};

constexpr pg::Query kSetResult{"jobs.set_import_result", R"sql(
  UPDATE operation SET result = $3, version = version + 1, updated_at = $4
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kListRows{"jobs.list_import_rows", R"sql(
  SELECT line, state, field, reason, number FROM import_row
   WHERE tenant_id = $1 AND import_id = $2 AND ($3 = '' OR state = $3) AND line > $4
   ORDER BY line LIMIT $5)sql"};

struct PendingRow {
  OperationId import;
  std::int32_t line = 0;
  CsvRow cells;
};

using Cells = std::map<std::string, std::string>;

std::string Purpose(const std::string& column) { return "import_row." + column; }

std::string SealedJson(const Context& context, const ImportKind& kind, Cells cells) {
  for (const auto& column : kind.personal) {
    const auto cell = cells.find(column);
    if (cell == cells.end() || cell->second.empty()) continue;
    cell->second = kind.sealer->Seal(context.tenant_id(), Purpose(column), cell->second);
  }
  return nlohmann::json(cells).dump();
}

Cells OpenedCells(const Context& context, const ImportKind& kind, const std::string& json) {
  auto cells = nlohmann::json::parse(json).get<Cells>();
  for (const auto& column : kind.personal) {
    const auto cell = cells.find(column);
    if (cell == cells.end() || cell->second.empty()) continue;
    auto clear = kind.sealer->Open(context.tenant_id(), Purpose(column), cell->second);
    if (!clear) throw std::runtime_error("import row: " + clear.error().message);
    cell->second = *std::move(clear);
  }
  return cells;
}

std::vector<PendingRow> ReadRows(const Context& context, const ImportKind& kind,
                                 const pg::Rows& rows) {
  std::vector<PendingRow> out;
  for (const auto& row : rows) {
    out.push_back({row.Get<OperationId>("import_id"), row.Get<std::int32_t>("line"),
                   CsvRow(OpenedCells(context, kind, row.Get<std::string>("cells")))});
  }
  return out;
}

std::string CountStates(pg::Tx& tx, const Context& context, OperationId import) {
  nlohmann::json counts = {
      {"imported", 0}, {"unchanged", 0}, {"refused", 0}, {"waiting", 0}, {"pending", 0}};
  for (const auto& row : tx.Exec(kCountRows, context.tenant_id(), import)) {
    counts[row.Get<std::string>("state")] = row.Get<std::int64_t>("rows");
  }
  return counts.dump();
}

const char* Name(RowOutcome::State state) {
  switch (state) {
    case RowOutcome::State::kImported:
      return "imported";
    case RowOutcome::State::kUnchanged:
      return "unchanged";
    case RowOutcome::State::kWaiting:
      return "waiting";
  }
  return "refused";
}

// Applies one row under a savepoint and writes what became of it.
void ApplyRow(pg::Tx& tx, const Context& context, const ImportKind& kind, const PendingRow& row) {
  Result<RowOutcome> outcome;
  tx.Savepoint([&] {
    outcome = kind.apply(tx, context, row.cells);
    return outcome.has_value();
  });
  if (outcome) {
    const bool waits = outcome->state == RowOutcome::State::kWaiting;
    tx.Exec(kSaveRow, context.tenant_id(), row.import, row.line, Name(outcome->state), "",
            outcome->reason, outcome->number,
            waits ? std::optional(outcome->waits_for) : std::nullopt);
    return;
  }
  const Error& error = outcome.error();
  const bool named = !error.violations.empty();
  tx.Exec(kSaveRow, context.tenant_id(), row.import, row.line, "refused",
          named ? error.violations[0].field : std::string(),
          named ? error.violations[0].description : error.message, "", std::nullopt);
}

}  // namespace

Result<Operation> Imports::Begin(pg::Tx& tx, const Context& context, const std::string& csv,
                                 const google::protobuf::Message& request) const {
  if (csv.size() > kMaxBytes) {
    return FailField("csv", "The file is larger than 8 MiB. Split it; each part needs the header.");
  }
  ASSIGN_OR_RETURN(const auto file, ParseCsv(csv, kind_.required, kind_.optional));
  // The rows are kept in their table; the operation need not hold the file again.
  std::unique_ptr<google::protobuf::Message> empty(request.New());
  const auto operation =
      jobs::Begin(tx, context, kind_.kind, *empty, static_cast<std::int64_t>(file.rows.size()));
  std::vector<std::int32_t> lines;
  std::vector<std::string> cells;
  for (const auto& [line, row] : file.rows) {
    lines.push_back(line);
    cells.push_back(SealedJson(context, kind_, row.cells()));
  }
  tx.Exec(kInsertRows, context.tenant_id(), operation.id, kind_.kind, lines, cells);
  return operation;
}

Result<Progress> Imports::Step(pg::Tx& tx, const Context& context, Operation& operation) const {
  const auto rows = ReadRows(
      context, kind_, tx.Exec(kPendingRows, context.tenant_id(), operation.id, kRowsPerStep));
  for (const auto& row : rows) ApplyRow(tx, context, kind_, row);
  operation.done += static_cast<std::int64_t>(rows.size());
  operation.step = "rows";
  operation.result = CountStates(tx, context, operation.id);
  return rows.size() < kRowsPerStep ? Progress::kDone : Progress::kMore;
}

void Imports::Wake(pg::Tx& tx, const Context& context, const std::string& key) const {
  const auto rows =
      ReadRows(context, kind_, tx.Exec(kWaitingRows, context.tenant_id(), kind_.kind, key));
  std::map<OperationId, bool> touched;
  for (const auto& row : rows) {
    ApplyRow(tx, context, kind_, row);
    touched[row.import] = true;
  }
  for (const auto& [import, yes] : touched) {
    tx.Exec(kSetResult, context.tenant_id(), import, CountStates(tx, context, import),
            context.Now());
  }
}

std::vector<ImportedRow> ListRows(pg::Tx& tx, const Context& context, OperationId id,
                                  const std::string& state, int after_line, int limit) {
  std::vector<ImportedRow> out;
  for (const auto& row : tx.Exec(kListRows, context.tenant_id(), id, state, after_line, limit)) {
    out.push_back({row.Get<std::int32_t>("line"), row.Get<std::string>("state"),
                   row.Get<std::string>("field"), row.Get<std::string>("reason"),
                   row.Get<std::string>("number")});
  }
  return out;
}

}  // namespace karez::jobs
