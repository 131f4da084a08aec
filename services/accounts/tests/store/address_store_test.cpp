#include "services/accounts/store/address_store.h"

#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

using ::testing::ElementsAre;

class AddressStoreTest : public AccountsTest {
 protected:
  std::vector<std::string> Children(const Context& context, AddressId parent,
                                    const std::string& after_name = "", AddressId after = {},
                                    int limit = 50) {
    std::vector<std::string> out;
    Do(context, [&](pg::Tx& tx) {
      for (const auto& child :
           store::ListAddresses(tx, context, parent, after_name, after, limit)) {
        out.push_back(child.name);
      }
    });
    return out;
  }
};

TEST_F(AddressStoreTest, AnAddressWrittenTwiceIsOne) {
  const auto first = MakeAddress({"Region", "Court", "3", "1", "101"});
  EXPECT_EQ(MakeAddress({"REGION", "court", "3", "1", "101"}).full_text, first.full_text);
  EXPECT_EQ(Count("address"), 5);
  MakeAddress({"Region", "Court", "3", "1", "102"});
  EXPECT_EQ(Count("address"), 6);
}

TEST_F(AddressStoreTest, ARoomKnowsTheNamesAboveIt) {
  const auto room = MakeAddress({"Region", "Court", "", "1", "101"});
  const auto context = Staff();
  const auto found =
      Run(context, [&](pg::Tx& tx) { return store::FindAddress(tx, context, room.id); });
  ASSERT_THAT(found, Succeeds());
  EXPECT_EQ(found->names.region, "Region");
  EXPECT_EQ(found->names.building, "");
  EXPECT_EQ(found->names.unit, "1");
  EXPECT_EQ(found->names.room, "101");
  EXPECT_EQ(found->address.full_text, "Region Court 1 101");
}

TEST_F(AddressStoreTest, ListsChildrenByNamePageByPage) {
  const auto room = MakeAddress({"Region", "Court", "", "", "102"});
  const auto first = MakeAddress({"Region", "Court", "", "", "101"});
  MakeAddress({"Another", "Court", "", "", "101"});
  EXPECT_THAT(Children(Staff(), {}), ElementsAre("Another", "Region"));
  EXPECT_THAT(Children(Staff(), room.parent_id), ElementsAre("101", "102"));
  EXPECT_THAT(Children(Staff(), room.parent_id, "", {}, 1), ElementsAre("101"));
  EXPECT_THAT(Children(Staff(), room.parent_id, "101", first.id), ElementsAre("102"));
}

TEST_F(AddressStoreTest, ASecondUtilitySeesNothing) {
  const auto room = MakeAddress({"Region", "Court", "", "", "102"});
  const auto other = Staff(kOther);
  EXPECT_THAT(Children(other, {}), ElementsAre());
  EXPECT_THAT(Children(other, room.parent_id), ElementsAre());
  EXPECT_THAT(Run(other, [&](pg::Tx& tx) { return store::FindAddress(tx, other, room.id); }),
              FailsWith(Code::kNotFound, "ADDRESS_NOT_FOUND"));
}

}  // namespace
}  // namespace karez::accounts::tests
