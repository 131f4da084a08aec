#include "services/accounts/store/view_store.h"
#include "services/accounts/tests/fixture.h"
#include "services/accounts/usecases/change_account.h"
#include "services/accounts/usecases/search_accounts.h"

namespace karez::accounts::tests {
namespace {

using ::testing::ElementsAre;

class SearchTest : public AccountsTest {
 protected:
  SearchTest() {
    meter_ = MakeMeter("SLM-0007");
    usecases::OpenAccountInput input;
    input.customer_id = MakeCustomer("阿不都·热合曼", "13800001234").id;
    input.address_id = MakeAddress({"疏勒县", "幸福小区", "3栋", "2单元", "101"}).id;
    input.branch_id = Branch("north");
    input.tariff_code = "household";
    input.meters = {{meter_.id, 0, clock_.Now(), "meters[0]."}};
    account_ = Open(input);
  }

  usecases::SearchResult Search(const std::string& query, int limit = 20) {
    return Search(Staff(), query, limit);
  }
  usecases::SearchResult Search(const Context& context, const std::string& query, int limit = 20) {
    auto result = Run(context, [&](pg::Tx& tx) {
      return usecases::SearchAccounts(tx, context, *sealer_, query, limit);
    });
    EXPECT_THAT(result, Succeeds());
    return std::move(*result);
  }
  // By what the account was found; empty when it was not.
  std::string Matched(const std::string& query) {
    const auto result = Search(query);
    return result.hits.empty() ? "" : std::string(Name(result.matched[0]));
  }

  Meter meter_;
  Account account_;
};

TEST_F(SearchTest, FindsByEachKindOfToken) {  // REV-15
  EXPECT_EQ(Matched(account_.number), "number");
  EXPECT_EQ(Matched("000000"), "number");
  EXPECT_EQ(Matched("ｓｌｍ0007"), "meter");
  EXPECT_EQ(Matched("138 0000 1234"), "phone");
  EXPECT_EQ(Matched("1234"), "phone");
  EXPECT_EQ(Matched("阿不都热合曼"), "name");
  EXPECT_EQ(Matched("热合"), "name");
  EXPECT_EQ(Matched("幸福"), "community");
  EXPECT_EQ(Matched("3栋2单元101"), "address");
  EXPECT_EQ(Matched("疏勒县幸福小区"), "address");
}

TEST_F(SearchTest, DoesNotFindWhatIsNotThere) {
  EXPECT_EQ(Matched("福小区"), "");
  EXPECT_EQ(Matched("0123"), "");
  EXPECT_EQ(Matched("13800001235"), "");
  EXPECT_EQ(Matched("热合阿"), "");
}

TEST_F(SearchTest, AllWordsMustMatch) {
  EXPECT_EQ(Matched("幸福 热合曼"), "name");  // the longest word leads
  EXPECT_EQ(Matched("幸福小区 101"), "community");
  EXPECT_EQ(Matched("热合曼 1234"), "phone");
  EXPECT_EQ(Matched("幸福 999"), "");
}

TEST_F(SearchTest, AHitShowsAddressMetersAndArrears) {
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) { store::Keep(tx, context, BalanceView{account_.id, 1234, 0, 1}); });
  const auto hit = Search("热合曼").hits.at(0);
  EXPECT_EQ(hit.account_id, account_.id);
  EXPECT_EQ(hit.address, "疏勒县 幸福小区 3栋 2单元 101");
  EXPECT_THAT(hit.meter_numbers, ElementsAre("SLM-0007"));
  EXPECT_EQ(hit.arrears_fen, 1234);
  EXPECT_EQ(hit.phone, "13800001234");
}

TEST_F(SearchTest, AMeterThatWasTakenOffIsNoLongerFound) {
  const auto context = Staff();
  ASSERT_THAT(Run(context,
                  [&](pg::Tx& tx) {
                    return usecases::UnbindMeter(tx, context, *sealer_, account_.id,
                                                 {meter_.id, 1, clock_.Now()});
                  }),
              Succeeds());
  EXPECT_EQ(Matched("SLM-0007"), "");
  EXPECT_EQ(Matched("热合曼"), "name");
}

TEST_F(SearchTest, SaysWhenThereAreMore) {
  Open(OpenInput("1"));
  Open(OpenInput("2"));
  Open(OpenInput("3"));
  const auto some = Search("Apricot", 2);
  EXPECT_EQ(some.hits.size(), 2U);
  EXPECT_TRUE(some.more);
  const auto all = Search("Apricot", 3);
  EXPECT_EQ(all.hits.size(), 3U);
  EXPECT_FALSE(all.more);
}

TEST_F(SearchTest, OneAccountIsOneHit) {
  const auto result = Search("00", 20);  // the number begins so
  EXPECT_EQ(result.hits.size(), 1U);
}

TEST_F(SearchTest, ASecondUtilityAndAnotherBranchFindNothing) {
  for (const auto& context : {Staff(kOther), Staff(kTenant, {Branch("south")})}) {
    for (const char* query : {"热合曼", "1234", "13800001234", "幸福", "SLM-0007", "00000001"}) {
      EXPECT_TRUE(Search(context, query).hits.empty()) << query;
    }
  }
  EXPECT_EQ(Search(Staff(kTenant, {Branch("north")}), "热合曼").hits.size(), 1U);
}

TEST_F(SearchTest, NoPhoneStandsInTheTokens) {
  EXPECT_EQ(Count("search_token WHERE token LIKE '%1234%'"), 0);
}

}  // namespace
}  // namespace karez::accounts::tests
