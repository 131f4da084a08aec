#include "libs/testing/catalogue.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace karez::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(CatalogueTest, FindsTheCommonTablesInOrder) {
  Database database("billing", {});
  EXPECT_THAT(CatalogueFaults(database, "billing"), IsEmpty());
  EXPECT_THAT(StatementFaults(database, "karez_billing",
                              {"libs/pg", "libs/events", "libs/jobs", "libs/rpc", "libs/host"}),
              IsEmpty());
}

TEST(CatalogueTest, FindsEachKindOfFault) {
  Database database("billing", {});
  database.Sql(R"sql(
    SET ROLE karez_migrate;
    CREATE TABLE undeclared (id int PRIMARY KEY);
    CREATE TABLE loose (tenant_id int NOT NULL, id int, PRIMARY KEY (tenant_id, id), UNIQUE (id));
    SELECT tenant_table('loose');
    ALTER TABLE loose NO FORCE ROW LEVEL SECURITY;
    CREATE POLICY open ON loose USING (true);
    GRANT SELECT ON loose TO karez_accounts;)sql");
  const auto faults = CatalogueFaults(database, "billing");
  EXPECT_THAT(faults, Contains(HasSubstr("undeclared is not declared")));
  EXPECT_THAT(faults, Contains(HasSubstr("loose does not force row security")));
  EXPECT_THAT(faults, Contains(HasSubstr("policy open on loose")));
  EXPECT_THAT(faults, Contains(HasSubstr("loose_id_key is unique and does not begin")));
  EXPECT_THAT(faults, Contains(HasSubstr("karez_accounts may SELECT loose")));
}

TEST(CatalogueTest, FindsEachKindOfFaultyStatement) {
  const auto directory = std::filesystem::path(::testing::TempDir()) / "karez_statements";
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "store.cpp") << R"cpp(
    constexpr pg::Query kGood{"good", R"sql(
      INSERT INTO number_counter (tenant_id, series, last)
      SELECT $1, series, 1 FROM unnest($2::text[]) AS s(series) RETURNING tenant_id)sql"};
    constexpr pg::Query kSilent{"silent", R"sql(
      INSERT INTO number_counter (tenant_id, series, last)
      SELECT $1, series, 1 FROM unnest($2::text[]) AS s(series))sql"};
    constexpr pg::Query kWrong{"wrong", "SELECT nothing FROM branch"};
    constexpr Query kTwice{"wrong", "SELECT 1"};)cpp";
  Database database("billing", {});
  EXPECT_THAT(StatementFaults(database, "karez_billing", {directory.string()}),
              UnorderedElementsAre("silent: needs RETURNING tenant_id for Citus",
                                   HasSubstr("wrong: ERROR"), "wrong: the name is used twice"));
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace karez::testing
