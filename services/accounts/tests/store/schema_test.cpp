// Every table is declared and protected, every statement fits the migrated schema.
#include "libs/testing/catalogue.h"
#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

using ::testing::IsEmpty;

TEST_F(AccountsTest, EveryTableIsDeclaredProtectedAndKeyedByTenant) {
  EXPECT_THAT(karez::testing::CatalogueFaults(database_, "accounts"), IsEmpty());
}

TEST_F(AccountsTest, EveryStatementFitsTheSchema) {
  EXPECT_THAT(
      karez::testing::StatementFaults(database_, "karez_accounts", {"services/accounts/store"}),
      IsEmpty());
}

}  // namespace
}  // namespace karez::accounts::tests
