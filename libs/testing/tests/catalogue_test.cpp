#include "libs/testing/catalogue.h"

#include <gmock/gmock.h>

namespace karez::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

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

}  // namespace
}  // namespace karez::testing
