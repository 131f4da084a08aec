#include "services/accounts/domain/address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace karez::accounts {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

TEST(AddressTest, HasALevelForEachNameThatIsGiven) {
  const auto levels = Levels(2, {"疏勒县", "幸福小区", "3栋", "", "101"});
  ASSERT_EQ(levels.size(), 4U);
  EXPECT_TRUE(levels[0].parent_id.is_nil());
  EXPECT_EQ(levels[3].level, AddressLevel::kRoom);
  EXPECT_EQ(levels[3].parent_id, levels[2].id);
  EXPECT_EQ(levels[3].full_text, "疏勒县 幸福小区 3栋 101");
}

TEST(AddressTest, WrittenAgainItIsTheSameOne) {
  EXPECT_EQ(Levels(2, {"r", "C", "3", "", "101"}).back().id,
            Levels(2, {"R", "Ｃ", "３", "", "101"}).back().id);
}

TEST(AddressTest, DiffersByLevelSignAndTenant) {
  const auto id = Levels(2, {"r", "c", "3", "", "101"}).back().id;
  EXPECT_NE(id, Levels(2, {"r", "c", "", "3", "101"}).back().id);
  EXPECT_NE(id, Levels(3, {"r", "c", "3", "", "101"}).back().id);
  EXPECT_NE(Levels(2, {"r", "c", "3-1", "", "1"}).back().id,
            Levels(2, {"r", "c", "31", "", "1"}).back().id);
}

TEST(AddressTest, RefusesMissingAndUselessNames) {
  Violations bad;
  MakeAddressNames({" ", "", "", "--", ""}, bad);
  EXPECT_THAT(bad.items(), ElementsAre(Field(&FieldViolation::field, "region"),
                                       Field(&FieldViolation::field, "community"),
                                       Field(&FieldViolation::field, "unit"),
                                       Field(&FieldViolation::field, "room")));
}

TEST(AddressTest, CleansWhatWasTyped) {
  Violations bad;
  const auto names = MakeAddressNames({" r ", "c　d", "", "", "1"}, bad);
  EXPECT_TRUE(bad.empty());
  EXPECT_EQ(names.region, "r");
  EXPECT_EQ(names.community, "c d");
}

}  // namespace
}  // namespace karez::accounts
