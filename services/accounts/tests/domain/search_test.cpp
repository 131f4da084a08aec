#include "services/accounts/domain/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/accounts/domain/text.h"

namespace karez::accounts {
namespace {

using ::testing::Contains;
using ::testing::Not;

std::string FakeHash(std::string_view purpose, std::string_view text) {
  return "h(" + std::string(purpose) + "," + std::string(text) + ")";
}

Account AnAccount() {
  Account account;
  account.number = "SL-000012";
  account.bindings.push_back({BindingId::New(), MeterId::New(), "ＭＴ０1", Instant(), 0, {}, 0});
  account.bindings.push_back(
      {BindingId::New(), MeterId::New(), "OLD1", Instant(), 0, Instant(), 0});
  return account;
}

std::vector<SearchToken> Tokens(const std::string& phone = "13800001234") {
  return TokensOf(AnAccount(), {{}, "阿不都·热合曼", CustomerKind::kPerson, phone, ""},
                  {"疏勒县", "幸福小区", "3栋", "", "101"}, FakeHash);
}

SearchToken Of(TokenKind kind, std::string token) { return {kind, std::move(token)}; }

TEST(NormaliseTest, FoldsWidthCaseAndSigns) {
  EXPECT_EQ(Normalise("ＳＬ－００１２　"), "sl0012");
  EXPECT_EQ(Normalise("Sl-0012"), "sl0012");
  EXPECT_EQ(Normalise("阿不都·热合曼"), "阿不都热合曼");
  EXPECT_EQ(Normalise("ГУЛЬ"), "гуль");
  EXPECT_EQ(Normalise(" ·-/「」"), "");
}

TEST(FoldTest, KeepsSigns) { EXPECT_EQ(Fold("３－Ａ 1"), "3-a 1"); }

TEST(CleanSpacesTest, TrimsAndJoins) {
  EXPECT_EQ(CleanSpaces("　 a \t b　"), "a b");
  EXPECT_EQ(CleanSpaces(" 　"), "");
}

TEST(SearchTokenTest, NumberAndOpenMetersAreNormalised) {
  EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kNumber, "n:sl000012")));
  EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kMeter, "m:mt01")));
  EXPECT_THAT(Tokens(), Not(Contains(Of(TokenKind::kMeter, "m:old1"))));
}

TEST(SearchTokenTest, EveryPartOfANameBeginsAToken) {
  for (const char* suffix : {"阿不都热合曼", "热合曼", "曼"}) {
    EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kName, std::string("a:") + suffix)));
  }
}

TEST(SearchTokenTest, AnAddressIsFoundFromEachOfItsLevelsOn) {
  EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kCommunity, "c:幸福小区")));
  for (const char* piece : {"疏勒县幸福小区3栋101", "幸福小区3栋101", "3栋101", "101"}) {
    EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kAddress, std::string("d:") + piece)));
  }
}

TEST(SearchTokenTest, APhoneIsThereOnlyAsHashesOfAllAndOfTheLastFour) {
  EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kPhone, "p:h(customer.phone,13800001234)")));
  EXPECT_THAT(Tokens(), Contains(Of(TokenKind::kPhone, "p:h(customer.phone_last4,1234)")));
  EXPECT_EQ(Tokens("+86 138 0000 1234"), Tokens());
}

TEST(SearchTokenTest, LongTextsAreCut) {
  Account account;
  account.number = "1";
  const auto tokens = TokensOf(account, {{}, std::string(100, 'x'), CustomerKind::kPerson, "", ""},
                               {"r", "c", "", "", "1"}, FakeHash);
  for (const auto& token : tokens) EXPECT_LE(CountCharacters(token.token), 42U);
}

TEST(SearchQueryTest, FourDigitsMayBeTheEndOfAPhone) {
  const auto words = ParseQuery("1234", FakeHash).value();
  EXPECT_EQ(words[0].phone, "p:h(customer.phone_last4,1234)");
}

TEST(SearchQueryTest, APhoneMayBeTypedWithSpacesAndCountryCode) {
  for (const char* query : {"13800001234", "138 0000 1234", "138-0000-1234", "+86 13800001234"}) {
    const auto words = ParseQuery(query, FakeHash).value();
    ASSERT_EQ(words.size(), 1U) << query;
    EXPECT_EQ(words[0].phone, "p:h(customer.phone,13800001234)") << query;
  }
}

TEST(SearchQueryTest, ABuildingAndARoomStayTwoWords) {
  EXPECT_EQ(ParseQuery("12 101", FakeHash).value().size(), 2U);
}

TEST(SearchQueryTest, TheLongestWordComesFirst) {
  const auto words = ParseQuery("王 幸福小区", FakeHash).value();
  ASSERT_EQ(words.size(), 2U);
  EXPECT_EQ(words[0].text, "幸福小区");
}

TEST(SearchQueryTest, RefusesTooLittleAndTooMuch) {
  EXPECT_FALSE(ParseQuery("", FakeHash));
  EXPECT_FALSE(ParseQuery("王", FakeHash));
  EXPECT_FALSE(ParseQuery("·-·-", FakeHash));
  EXPECT_FALSE(ParseQuery("a b c d e", FakeHash));
  EXPECT_FALSE(ParseQuery(std::string(101, 'a'), FakeHash));
}

}  // namespace
}  // namespace karez::accounts
