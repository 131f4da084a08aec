#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/catalogue.h"
#include "services/metering/app.h"

namespace karez::metering {
namespace {

using ::testing::IsEmpty;

TEST(MeteringSchemaTest, EveryTableIsDeclaredAndProtected) {
  ::karez::testing::Database database("metering", Migrations());
  EXPECT_THAT(::karez::testing::CatalogueFaults(database, "metering"), IsEmpty());
}

TEST(MeteringSchemaTest, EveryStatementCanBePrepared) {
  ::karez::testing::Database database("metering", Migrations());
  EXPECT_THAT(::karez::testing::StatementFaults(database, "karez_metering", {"services/metering"}),
              IsEmpty());
}

}  // namespace
}  // namespace karez::metering
