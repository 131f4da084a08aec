#include "libs/pg/numbers.h"

#include <gtest/gtest.h>

#include "libs/testing/database.h"

namespace karez::pg {
namespace {

class NumbersTest : public ::testing::Test {
 protected:
  NumbersTest() : database_("billing", {}), clock_(*ParseInstant("2026-05-01T00:00:00Z")) {}

  std::string Next(TenantId tenant, const std::string& pattern, bool commit = true) {
    std::string number;
    const auto context = testing::StaffContext(tenant, clock_);
    database_.pool().RunTransaction({.tenant = tenant}, [&](Tx& tx) {
      number = NextNumber(tx, context, "bill", pattern);
      return commit;
    });
    return number;
  }

  testing::Database database_;
  ManualClock clock_;
};

TEST_F(NumbersTest, CountsPerTenantAndSeries) {
  EXPECT_EQ(Next(2, "B{yyyy}{MM}-{seq:4}"), "B202605-0001");
  EXPECT_EQ(Next(2, "B{yyyy}{MM}-{seq:4}"), "B202605-0002");
  EXPECT_EQ(Next(3, "B{yyyy}{MM}-{seq:4}"), "B202605-0001");
}

TEST_F(NumbersTest, GivesManyInOrder) {
  EXPECT_EQ(Next(2, "{seq:3}"), "001");
  const auto context = testing::StaffContext(2, clock_);
  std::vector<std::string> numbers;
  database_.pool().RunTransaction({.tenant = 2}, [&](Tx& tx) {
    EXPECT_TRUE(NextNumbers(tx, context, "bill", "{seq:3}", 0).empty());
    numbers = NextNumbers(tx, context, "bill", "{seq:3}", 3);
    return true;
  });
  EXPECT_EQ(numbers, (std::vector<std::string>{"002", "003", "004"}));
  EXPECT_EQ(Next(2, "{seq:3}"), "005");
}

TEST_F(NumbersTest, LeavesNoGapAfterARollback) {
  EXPECT_EQ(Next(2, "{seq:3}", false), "001");
  EXPECT_EQ(Next(2, "{seq:3}"), "001");
}

TEST_F(NumbersTest, BeginsAnewWithTheMonthInTheTenantsZone) {
  EXPECT_EQ(Next(2, "{yyyy}{MM}{seq:2}"), "20260501");
  clock_.Set(*ParseInstant("2026-05-31T16:00:00Z"));  // midnight of 1 June in Shanghai
  EXPECT_EQ(Next(2, "{yyyy}{MM}{seq:2}"), "20260601");
}

TEST_F(NumbersTest, GrowsBeyondItsDigitsInsteadOfRepeating) {
  database_.Sql("INSERT INTO number_counter VALUES (2, 'bill:#', 99)");
  EXPECT_EQ(Next(2, "{seq:2}"), "100");
}

}  // namespace
}  // namespace karez::pg
