#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/catalogue.h"
#include "services/billing/app.h"

namespace karez::billing {
namespace {

using ::testing::IsEmpty;

TEST(BillingSchemaTest, EveryTableIsDeclaredAndProtected) {
  ::karez::testing::Database database("billing", Migrations());
  EXPECT_THAT(::karez::testing::CatalogueFaults(database, "billing"), IsEmpty());
}

TEST(BillingSchemaTest, EveryStatementCanBePrepared) {
  ::karez::testing::Database database("billing", Migrations());
  EXPECT_THAT(::karez::testing::StatementFaults(
                  database, "karez_billing",
                  {"services/billing/store", "services/billing/jobs", "services/billing/usecases"}),
              IsEmpty());
}

}  // namespace
}  // namespace karez::billing
