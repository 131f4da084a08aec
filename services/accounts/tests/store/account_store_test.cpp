#include "services/accounts/store/account_store.h"

#include "services/accounts/store/case_store.h"
#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

using ::testing::ElementsAre;

class AccountStoreTest : public AccountsTest {
 protected:
  Result<Account> Find(const Context& context, AccountId id) {
    return Run(context, [&](pg::Tx& tx) { return store::FindAccount(tx, context, id); });
  }
  std::vector<std::string> List(const Context& context, const std::string& after = "",
                                int limit = 50) {
    std::vector<std::string> out;
    Do(context, [&](pg::Tx& tx) {
      for (const auto& account : store::ListAccounts(tx, context, after, limit)) {
        out.push_back(account.number);
      }
    });
    return out;
  }
};

TEST_F(AccountStoreTest, ReadsBackWithNamesAddressAndBindings) {
  const auto meter = MakeMeter("M1");
  const auto opened =
      Open(OpenInput("101", {{meter.id, 1'500'000, At("2026-05-01T00:00:00Z"), "meters[0]."}}));
  const auto found = Find(Staff(), opened.id);
  ASSERT_THAT(found, Succeeds());
  EXPECT_EQ(found->number, "00000001");
  EXPECT_EQ(found->branch_name, "Branch north");
  EXPECT_EQ(found->customer_name, "Test Customer");
  EXPECT_EQ(found->address, "Region Apricot Court 3 101");
  EXPECT_EQ(FormatDate(found->open_date), "2026-05-01");
  ASSERT_EQ(found->bindings.size(), 1U);
  EXPECT_EQ(found->bindings[0].meter_number, "M1");
  EXPECT_EQ(found->bindings[0].from_ml, 1'500'000);
  EXPECT_EQ(found->bindings[0].from_time, At("2026-05-01T00:00:00Z"));
  EXPECT_EQ(found->version, 1);
}

TEST_F(AccountStoreTest, ListsByNumberPageByPage) {
  Open(OpenInput("101"));
  Open(OpenInput("102"));
  Open(OpenInput("103"));
  EXPECT_THAT(List(Staff()), ElementsAre("00000001", "00000002", "00000003"));
  EXPECT_THAT(List(Staff(), "00000001", 1), ElementsAre("00000002"));
}

TEST_F(AccountStoreTest, ASecondUtilitySeesNothing) {
  const auto account = Open(OpenInput());
  const auto other = Staff(kOther);
  EXPECT_THAT(Find(other, account.id), FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(List(other), ElementsAre());
  Do(other, [&](pg::Tx& tx) {
    EXPECT_FALSE(store::LockByNumber(tx, other, account.number));
    EXPECT_FALSE(store::IsNumberTaken(tx, other, account.number));
    EXPECT_TRUE(store::ListCases(tx, other, account.id, {}, 10).empty());
    EXPECT_FALSE(store::FindBranch(tx, other, Branch("north")));
  });
}

TEST_F(AccountStoreTest, OutOfScopeReadsAsNotFound) {
  const auto account = Open(OpenInput());
  const auto south = Staff(kTenant, {Branch("south")});
  EXPECT_THAT(Find(south, account.id), FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(Run(south, [&](pg::Tx& tx) { return store::LockAccount(tx, south, account.id); }),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
  EXPECT_THAT(List(south), ElementsAre());
  EXPECT_THAT(Run(south, [&](pg::Tx& tx) { return store::FindBranch(tx, south, Branch("north")); }),
              FailsWith(Code::kNotFound, "BRANCH_NOT_FOUND"));
  EXPECT_THAT(Find(Staff(kTenant, {Branch("south"), Branch("north")}), account.id), Succeeds());
}

TEST_F(AccountStoreTest, CasesCannotBeChangedByTheService) {
  Open(OpenInput());
  EXPECT_EQ(database_.Value("SELECT has_table_privilege('karez_accounts', 'business_case', "
                            "'UPDATE, DELETE')::text"),
            "false");
}

}  // namespace
}  // namespace karez::accounts::tests
