#include "services/accounts/domain/account.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/accounts/domain/business_case.h"

namespace karez::accounts {
namespace {

Instant At(std::string_view text) { return ParseInstant(text).value(); }

MeterBinding Bound(MeterId meter, std::string_view from = "2026-05-01T00:00:00Z") {
  return {BindingId::New(), meter, "M1", At(from), 1'000'000, {}, 0};
}

std::string ReasonOf(const auto& result) { return result ? "" : result.error().reason; }

TEST(AccountTest, CannotBeClosedWhileAMeterServesIt) {
  Account account;
  const MeterId meter = MeterId::New();
  ASSERT_TRUE(account.Bind(Bound(meter)));
  EXPECT_EQ(ReasonOf(account.Close(0, LocalDate())), "ACCOUNT_HAS_METERS");
  ASSERT_TRUE(account.Unbind(meter, 2'000'000, At("2026-06-01T00:00:00Z")));
  EXPECT_TRUE(account.Close(0, *ParseDate("2026-06-02")).value());
  EXPECT_EQ(account.state, Account::State::kClosed);
  EXPECT_EQ(account.close_date, *ParseDate("2026-06-02"));
}

TEST(AccountTest, CannotBeClosedInArrears) {
  Account account;
  const auto refused = account.Close(1, LocalDate());
  EXPECT_EQ(ReasonOf(refused), "ACCOUNT_HAS_ARREARS");
  EXPECT_EQ(refused.error().metadata.at("arrears_fen"), "1");
  EXPECT_EQ(account.state, Account::State::kOpen);
}

TEST(AccountTest, ClosedAgainChangesNothing) {
  Account account;
  ASSERT_TRUE(account.Close(0, *ParseDate("2026-06-02")));
  EXPECT_FALSE(account.Close(0, *ParseDate("2026-07-02")).value());
  EXPECT_EQ(account.close_date, *ParseDate("2026-06-02"));
}

TEST(AccountTest, ClosedTakesNoMeterAndNoPersons) {
  Account account;
  ASSERT_TRUE(account.Close(0, LocalDate()));
  EXPECT_EQ(ReasonOf(account.Bind(Bound(MeterId::New()))), "ACCOUNT_CLOSED");
  EXPECT_EQ(ReasonOf(account.ChangeHousehold(3)), "ACCOUNT_CLOSED");
}

TEST(AccountTest, AMeterEndsAtItsLastReadingAndMayComeBack) {
  Account account;
  const MeterId meter = MeterId::New();
  ASSERT_TRUE(account.Bind(Bound(meter)));
  EXPECT_NE(account.OpenBinding(meter), nullptr);
  ASSERT_TRUE(account.Unbind(meter, 7, At("2026-06-01T00:00:00Z")));
  EXPECT_EQ(account.OpenBinding(meter), nullptr);
  EXPECT_EQ(account.bindings.front().to_ml, 7);
  EXPECT_EQ(ReasonOf(account.Unbind(meter, 8, At("2026-06-02T00:00:00Z"))), "METER_NOT_BOUND");
  ASSERT_TRUE(account.Bind(Bound(meter, "2026-07-01T00:00:00Z")));
  EXPECT_EQ(account.bindings.size(), 2U);
}

TEST(AccountTest, AMeterCannotEndBeforeItBegan) {
  Account account;
  const MeterId meter = MeterId::New();
  ASSERT_TRUE(account.Bind(Bound(meter)));
  const auto refused = account.Unbind(meter, 7, At("2026-04-30T23:59:59Z"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().violations.front().field, "to_time");
  EXPECT_NE(account.OpenBinding(meter), nullptr);
}

TEST(AccountTest, BindingsStandOldestFirst) {
  Account account;
  ASSERT_TRUE(account.Bind(Bound(MeterId::New(), "2026-06-01T00:00:00Z")));
  ASSERT_TRUE(account.Bind(Bound(MeterId::New(), "2026-05-01T00:00:00Z")));
  EXPECT_LT(account.bindings[0].from_time, account.bindings[1].from_time);
}

TEST(AccountTest, TheSameHouseholdChangesNothing) {
  Account account;
  EXPECT_FALSE(account.ChangeHousehold(account.household_size).value());
  EXPECT_TRUE(account.ChangeHousehold(6).value());
  EXPECT_EQ(account.household_size, 6);
}

TEST(AccountChecksTest, RefuseWhatIsOutOfRange) {
  const Instant now = At("2026-06-01T00:00:00Z");
  Violations bad;
  CheckRegister("from_ml", 0, bad);
  CheckRegister("from_ml", kRegisterMaxMl, bad);
  CheckPast("from_time", now, now, bad);
  CheckHousehold(1, bad);
  CheckHousehold(99, bad);
  CheckTariffCode("household-2_b", bad);
  CheckNumber("SL-0012", bad);
  CheckNote("", bad);
  EXPECT_TRUE(bad.empty());

  CheckRegister("from_ml", -1, bad);
  CheckRegister("from_ml", kRegisterMaxMl + 1, bad);
  CheckPast("from_time", now + Duration(1), now, bad);
  CheckPast("from_time", At("1999-12-31T23:59:59Z"), now, bad);
  CheckHousehold(0, bad);
  CheckHousehold(100, bad);
  CheckTariffCode("", bad);
  CheckTariffCode("Household", bad);
  CheckTariffCode(std::string(33, 'a'), bad);
  CheckNumber("", bad);
  CheckNumber("-1", bad);
  CheckNumber("a b", bad);
  CheckNote(std::string(501, 'x'), bad);
  EXPECT_EQ(bad.items().size(), 13U);
}

TEST(BusinessCaseTest, NamesOfKindsReadBack) {
  for (const auto kind : {CaseKind::kOpen, CaseKind::kClose, CaseKind::kBindMeter,
                          CaseKind::kUnbindMeter, CaseKind::kChangeHousehold}) {
    EXPECT_EQ(CaseKindOf(Name(kind)), kind);
  }
}

}  // namespace
}  // namespace karez::accounts
