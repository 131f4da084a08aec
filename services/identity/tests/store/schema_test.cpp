#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/catalogue.h"
#include "services/identity/app.h"

namespace karez::identity {
namespace {

using ::testing::IsEmpty;

TEST(IdentitySchemaTest, EveryTableIsDeclaredAndProtected) {
  ::karez::testing::Database database("identity", Migrations());
  EXPECT_THAT(::karez::testing::CatalogueFaults(database, "identity"), IsEmpty());
}

TEST(IdentitySchemaTest, EveryStatementCanBePrepared) {
  ::karez::testing::Database database("identity", Migrations());
  EXPECT_THAT(::karez::testing::StatementFaults(database, "karez_identity", {"services/identity"}),
              IsEmpty());
}

}  // namespace
}  // namespace karez::identity
