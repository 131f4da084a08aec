#include "libs/pg/migrator.h"

#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"

namespace karez::pg {
namespace {

const std::vector<Migration> kSeries = {
    {"0001_create_samples",
     "CREATE TABLE sample (tenant_id integer NOT NULL, taken_at timestamptz NOT NULL, "
     "PRIMARY KEY (tenant_id, taken_at)) PARTITION BY RANGE (taken_at);"
     "SELECT tenant_table('sample', true); SELECT tenant_series('sample', 'taken_at', 'month');"}};

class MigratorTest : public ::testing::Test {
 protected:
  MigratorTest() : database_("billing", {}) {}
  Result<MigrateReport> Run(const std::vector<Migration>& migrations, const char* today) {
    return Migrate({database_.Url("karez_migrate"), "", "billing"}, migrations, *ParseDate(today));
  }
  testing::Database database_;
};

TEST_F(MigratorTest, AppliesEachFileOnceAndMakesPartitionsFromThirteenMonthsBackToThreeAhead) {
  const auto first = Run(kSeries, "2026-05-15");
  ASSERT_THAT(first, testing::Succeeds());
  EXPECT_THAT(first->applied, ::testing::ElementsAre("0001_create_samples"));
  EXPECT_EQ(first->partitions_created, 17);
  EXPECT_EQ(database_.Value("SELECT to_regclass('sample_202504') IS NOT NULL AND "
                            "to_regclass('sample_202608') IS NOT NULL AND "
                            "to_regclass('sample_202609') IS NULL"),
            "t");
  const auto again = Run(kSeries, "2026-06-15");
  ASSERT_THAT(again, testing::Succeeds());
  EXPECT_TRUE(again->applied.empty());
  EXPECT_EQ(again->partitions_created, 1);
  EXPECT_TRUE(MigrationsMatch(database_.pool(), kSeries));
}

TEST_F(MigratorTest, RefusesAFileThatWasChangedAfterItWasApplied) {
  ASSERT_THAT(Run(kSeries, "2026-05-15"), testing::Succeeds());
  auto changed = kSeries;
  changed[0].sql += " -- now different";
  EXPECT_THAT(Run(changed, "2026-05-15"),
              testing::FailsWith(Code::kFailedPrecondition, "MIGRATION_CHANGED"));
  EXPECT_FALSE(MigrationsMatch(database_.pool(), changed));
}

TEST_F(MigratorTest, LeavesNothingOfAFileThatFails) {
  const std::vector<Migration> broken = {{"0001_break", "CREATE TABLE half (id int); SELECT 1/0;"}};
  EXPECT_ANY_THROW(static_cast<void>(Run(broken, "2026-05-15")));
  EXPECT_EQ(database_.Value("SELECT to_regclass('half') IS NULL"), "t");
}

TEST_F(MigratorTest, KeepsAnAppendOnlyTableFromBeingChanged) {
  ASSERT_THAT(Run(kSeries, "2026-05-15"), testing::Succeeds());
  EXPECT_EQ(database_.Value("SELECT has_table_privilege('karez_billing', 'sample', 'INSERT') AND "
                            "NOT has_table_privilege('karez_billing', 'sample', 'UPDATE') AND "
                            "NOT has_table_privilege('karez_billing', 'sample', 'DELETE')"),
            "t");
}

}  // namespace
}  // namespace karez::pg
