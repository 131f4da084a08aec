#include "libs/jobs/import.h"

#include <google/protobuf/empty.pb.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"

namespace karez::jobs {
namespace {

// Rows become branches; `code` "late" waits, "bad" is refused, a code that is there is unchanged.
Result<RowOutcome> Apply(pg::Tx& tx, const Context& context, const CsvRow& row) {
  static constexpr pg::Query kAdd{"test.import_branch", R"sql(
    INSERT INTO branch (tenant_id, id, code, name, version) VALUES ($1, $2, $3, $3, 1)
    ON CONFLICT DO NOTHING)sql"};
  static constexpr pg::Query kThere{"test.import_there",
                                    "SELECT 1 FROM branch WHERE tenant_id = $1 AND code = 'key'"};
  if (row["code"] == "bad") return FailField("code", "Must not be bad.");
  if (row["code"] == "late" && tx.Exec(kThere, context.tenant_id()).empty()) {
    return RowOutcome{RowOutcome::State::kWaiting, "late", "branch:key", "Branch key is missing."};
  }
  const auto added = tx.Exec(kAdd, context.tenant_id(), Uuid::V7(), row["code"]).affected();
  return RowOutcome{added == 1 ? RowOutcome::State::kImported : RowOutcome::State::kUnchanged,
                    row["code"], "", ""};
}

class ImportTest : public ::testing::Test {
 protected:
  ImportTest()
      : database_("billing", {}),
        clock_(*ParseInstant("2026-05-01T00:00:00Z")),
        imports_({.kind = "test.import",
                  .required = {"code"},
                  .optional = {},
                  .personal = {},
                  .apply = Apply}) {}

  Operation Run(const std::string& csv) {
    Operation operation;
    const auto context = testing::StaffContext(2, clock_);
    database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
      operation = *imports_.Begin(tx, context, csv, google::protobuf::Empty());
      while (*imports_.Step(tx, context, operation) == Progress::kMore) {
      }
      return true;
    });
    return operation;
  }
  std::vector<ImportedRow> Rows(OperationId id) {
    std::vector<ImportedRow> rows;
    const auto context = testing::StaffContext(2, clock_);
    database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
      rows = ListRows(tx, context, id, "", 0, 100);
      return false;
    });
    return rows;
  }

  testing::Database database_;
  ManualClock clock_;
  Imports imports_;
};

TEST_F(ImportTest, ReportsEachRowAndChangesNothingTheSecondTime) {
  const auto first = Run("code\na\nbad\nb\n");
  EXPECT_EQ(first.done, 3);
  const auto rows = Rows(first.id);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].state, "imported");
  EXPECT_EQ(rows[1].state, "refused");
  EXPECT_EQ(rows[1].field, "code");
  EXPECT_EQ(rows[1].reason, "Must not be bad.");
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(Rows(Run("code\na\nb\n").id)[1].state, "unchanged");
}

TEST_F(ImportTest, ARowThatWaitsIsDoneWhenWhatItWaitsForArrives) {
  const auto operation = Run("code\nlate\n");
  EXPECT_EQ(Rows(operation.id)[0].state, "waiting");
  EXPECT_EQ(Rows(operation.id)[0].reason, "Branch key is missing.");
  Run("code\nkey\n");
  const auto context = testing::StaffContext(2, clock_);
  database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
    imports_.Wake(tx, context, "branch:key");
    return true;
  });
  EXPECT_EQ(Rows(operation.id)[0].state, "imported");
  EXPECT_EQ(database_.Value("SELECT result->>'waiting' FROM operation WHERE id = '" +
                            operation.id.str() + "'"),
            "0");
}

}  // namespace
}  // namespace karez::jobs
