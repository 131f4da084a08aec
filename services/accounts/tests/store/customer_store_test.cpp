#include "services/accounts/store/customer_store.h"

#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

class CustomerStoreTest : public AccountsTest {
 protected:
  Result<Customer> Find(const Context& context, CustomerId id) {
    return Run(context, [&](pg::Tx& tx) { return store::FindCustomer(tx, context, *sealer_, id); });
  }
};

TEST_F(CustomerStoreTest, PhoneAndIdentityNumberComeBackAndStandNowhereInTheClear) {
  const auto customer = MakeCustomer("Test Person");
  const auto found = Find(Staff(), customer.id);
  ASSERT_THAT(found, Succeeds());
  EXPECT_EQ(found->phone, "13800001234");
  EXPECT_EQ(found->identity_number, "000000199001010018");
  const auto row = database_.Value(
      "SELECT customer::text || convert_from(phone_sealed, 'UTF8') || "
      "convert_from(identity_sealed, 'UTF8') FROM customer");
  EXPECT_EQ(row.find("1234"), std::string::npos);
  EXPECT_EQ(row.find("19900101"), std::string::npos);
}

TEST_F(CustomerStoreTest, ASecondUtilitySeesNothing) {
  const auto customer = MakeCustomer("Test Person");
  EXPECT_THAT(Find(Staff(kOther), customer.id), FailsWith(Code::kNotFound, "CUSTOMER_NOT_FOUND"));
}

TEST_F(CustomerStoreTest, IsSeenByTheBranchesOfItsAccounts) {
  const auto input = OpenInput();
  const auto south = Staff(kTenant, {Branch("south")});
  EXPECT_THAT(Find(south, input.customer_id), Succeeds());  // no account yet
  Open(input);
  EXPECT_THAT(Find(south, input.customer_id), FailsWith(Code::kNotFound, "CUSTOMER_NOT_FOUND"));
  EXPECT_THAT(Find(Staff(kTenant, {Branch("north")}), input.customer_id), Succeeds());
}

}  // namespace
}  // namespace karez::accounts::tests
