// CSV imports with a report per row, the same in every service. A row is imported, unchanged,
// refused with field and reason, or waiting for a thing of another service; a waiting row is done
// by itself when Wake() is told that the thing has arrived. Rows are kept in table `import_row`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/base/context.h"
#include "libs/jobs/operation.h"
#include "libs/jobs/runner.h"
#include "libs/pg/tx.h"

namespace karez::jobs {

// One line of a file by column name; absent optional columns read as empty.
class CsvRow {
 public:
  explicit CsvRow(std::map<std::string, std::string> cells) : cells_(std::move(cells)) {}
  const std::string& operator[](const std::string& column) const;
  const std::map<std::string, std::string>& cells() const { return cells_; }

 private:
  std::map<std::string, std::string> cells_;
};

struct CsvFile {
  std::vector<std::string> columns;
  std::vector<std::pair<int, CsvRow>> rows;  // line in the file (header is 1) and content
};

// RFC 4180 with a header line; UTF-8, a byte order mark is passed over, lines end in LF or CRLF,
// blank lines are skipped. INVALID_ARGUMENT names unknown, missing and doubled columns, a line with
// too many or too few cells, an open quote, bytes that are no UTF-8.
Result<CsvFile> ParseCsv(const std::string& text, const std::vector<std::string>& required,
                         const std::vector<std::string>& optional);

struct RowOutcome {
  enum class State { kImported, kUnchanged, kWaiting };
  State state = State::kImported;
  std::string number;     // business number of the row
  std::string waits_for;  // kWaiting: key given to Wake, e.g. "meter:SL000123"
  std::string reason;     // kWaiting: for people, what is missing
};

struct ImportKind {
  std::string kind;  // of the operation: "accounts.import_accounts"
  std::vector<std::string> required;
  std::vector<std::string> optional;
  // Columns with personal data: their cells are kept sealed. Needs a sealer, which must outlive it.
  std::vector<std::string> personal;
  const auth::Sealer* sealer = nullptr;
  // Applies one row inside a savepoint. An Error refuses the row: the first violation names the
  // column, other errors its message alone.
  std::function<Result<RowOutcome>(pg::Tx&, const Context&, const CsvRow&)> apply;
};

class Imports {
 public:
  explicit Imports(ImportKind kind) : kind_(std::move(kind)) {}
  // Parses the file, stores its rows and begins the operation. INVALID_ARGUMENT for field `csv`.
  Result<Operation> Begin(pg::Tx& tx, const Context& context, const std::string& csv,
                          const google::protobuf::Message& request) const;
  // The runner's step: a few hundred rows a transaction. The operation's result counts the states.
  Result<Progress> Step(pg::Tx& tx, const Context& context, Operation& operation) const;
  // Something arrived: applies the rows of all imports that wait for `key` again, in this
  // transaction. Call from the consumer that learns of it.
  void Wake(pg::Tx& tx, const Context& context, const std::string& key) const;
  const std::string& kind() const { return kind_.kind; }

 private:
  ImportKind kind_;
};

struct ImportedRow {
  int line = 0;
  std::string state;  // pending | imported | unchanged | refused | waiting
  std::string field, reason, number;
};
// Rows after `after_line`, in the order of the file; empty state for all.
std::vector<ImportedRow> ListRows(pg::Tx& tx, const Context& context, OperationId id,
                                  const std::string& state, int after_line, int limit);

}  // namespace karez::jobs
