#include <future>

#include "services/accounts/store/account_store.h"
#include "services/accounts/store/case_store.h"
#include "services/accounts/store/view_store.h"
#include "services/accounts/tests/fixture.h"
#include "services/accounts/usecases/change_account.h"

namespace karez::accounts::tests {
namespace {

class AccountUseCaseTest : public AccountsTest {
 protected:
  Result<usecases::OpenedAccount> TryOpen(const Context& context,
                                          const usecases::OpenAccountInput& input) {
    return Run(context,
               [&](pg::Tx& tx) { return usecases::OpenAccount(tx, context, *sealer_, input); });
  }
  Result<Account> Bind(const Context& context, AccountId id, const Meter& meter,
                       std::string_view from = "2026-06-01T00:00:00Z") {
    return Run(context, [&](pg::Tx& tx) {
      return usecases::BindMeter(tx, context, *sealer_, id, {meter.id, 0, At(from), "meter."});
    });
  }
  Result<Account> Unbind(const Context& context, AccountId id, const Meter& meter,
                         std::string_view to = "2026-06-10T00:00:00Z") {
    return Run(context, [&](pg::Tx& tx) {
      return usecases::UnbindMeter(tx, context, *sealer_, id, {meter.id, 5, At(to)});
    });
  }
  Result<Account> Close(const Context& context, AccountId id) {
    return Run(context,
               [&](pg::Tx& tx) { return usecases::CloseAccount(tx, context, id, "moved"); });
  }
  Result<Account> SetHousehold(const Context& context, AccountId id, int size) {
    return Run(context,
               [&](pg::Tx& tx) { return usecases::ChangeHousehold(tx, context, id, size, ""); });
  }
  std::vector<BusinessCase> Cases(AccountId id) {
    std::vector<BusinessCase> out;
    const auto context = Staff();
    Do(context, [&](pg::Tx& tx) { out = store::ListCases(tx, context, id, {}, 50); });
    return out;
  }
};

TEST_F(AccountUseCaseTest, OpeningWritesACaseAndAFact) {  // REV-17
  const auto account = Open(OpenInput());
  const auto cases = Cases(account.id);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].kind, CaseKind::kOpen);
  EXPECT_EQ(cases[0].number, "YW202606150001");
  EXPECT_EQ(cases[0].staff_name, "Test Clerk");
  EXPECT_EQ(Count("outbox WHERE type = 'karez.accounts.v1.AccountChanged' AND agg_version = 1"), 1);
}

TEST_F(AccountUseCaseTest, OpeningNeedsPartsOfThisUtility) {
  const auto mine = OpenInput();
  auto input = mine;
  input.customer_id = MakeCustomer("Other", "", kOther).id;
  EXPECT_THAT(TryOpen(Staff(), input), FailsWith(Code::kNotFound, "CUSTOMER_NOT_FOUND"));
  input = mine;
  input.address_id = MakeAddress({"R", "C", "", "", "1"}, kOther).id;
  EXPECT_THAT(TryOpen(Staff(), input), FailsWith(Code::kNotFound, "ADDRESS_NOT_FOUND"));
  input = mine;
  input.branch_id = Branch("north", kOther);
  EXPECT_THAT(TryOpen(Staff(), input), FailsWith(Code::kNotFound, "BRANCH_NOT_FOUND"));
  input = mine;
  input.meters = {{MakeMeter("M", kOther).id, 0, clock_.Now(), "meters[0]."}};
  EXPECT_THAT(TryOpen(Staff(), input), FailsWith(Code::kNotFound, "METER_NOT_FOUND"));
  EXPECT_EQ(Count("account"), 0);
}

TEST_F(AccountUseCaseTest, OpeningNeedsARoom) {
  auto input = OpenInput();
  input.address_id = MakeAddress({"Region", "Court", "", "", "1"}).parent_id;
  EXPECT_THAT(TryOpen(Staff(), input), RefusesField("address_id"));
}

TEST_F(AccountUseCaseTest, NumbersThatAreTakenArePassedOver) {
  const auto first = Open(OpenInput("1"));
  database_.Sql("UPDATE account SET number = '00000002' WHERE id = '" + first.id.str() + "'");
  EXPECT_EQ(Open(OpenInput("2")).number, "00000003");
}

TEST_F(AccountUseCaseTest, OutOfScopeAnAccountCannotBeOpened) {
  EXPECT_THAT(TryOpen(Staff(kTenant, {Branch("south")}), OpenInput()),
              FailsWith(Code::kNotFound, "BRANCH_NOT_FOUND"));
}

TEST_F(AccountUseCaseTest, AMeterServesOneAccountAtATime) {  // IOT-12
  const auto meter = MakeMeter("M1");
  const auto first = Open(OpenInput("1"));
  const auto second = Open(OpenInput("2"));
  ASSERT_THAT(Bind(Staff(), first.id, meter), Succeeds());
  const auto refused = Bind(Staff(), second.id, meter);
  EXPECT_THAT(refused, FailsWith(Code::kFailedPrecondition, "METER_BOUND"));
  EXPECT_EQ(refused.error().metadata.at("account_number"), first.number);
  ASSERT_THAT(Unbind(Staff(), first.id, meter), Succeeds());
  EXPECT_THAT(Bind(Staff(), second.id, meter, "2026-06-09T00:00:00Z"),
              RefusesField("meter.from_time"));
  EXPECT_THAT(Bind(Staff(), second.id, meter, "2026-06-10T00:00:00Z"), Succeeds());
}

TEST_F(AccountUseCaseTest, OfTwoAtOnceOneGetsTheMeter) {
  const auto meter = MakeMeter("M1");
  const auto first = Open(OpenInput("1"));
  const auto second = Open(OpenInput("2"));
  for (int round = 0; round < 5; ++round) {
    const auto bind = [&](AccountId id) {
      return Bind(Staff(), id, meter, "2026-06-10T00:00:00Z");
    };
    auto other = std::async(std::launch::async, bind, second.id);
    const auto mine = bind(first.id);
    const auto theirs = other.get();
    EXPECT_NE(mine.has_value(), theirs.has_value());
    EXPECT_EQ(Count("meter_binding WHERE to_time IS NULL"), 1);
    EXPECT_THAT(mine ? theirs : mine, FailsWith(Code::kFailedPrecondition, "METER_BOUND"));
    ASSERT_THAT(Unbind(Staff(), mine ? first.id : second.id, meter), Succeeds());
  }
}

TEST_F(AccountUseCaseTest, AMeterOutOfServiceCannotBeBound) {
  const auto account = Open(OpenInput());
  EXPECT_THAT(Bind(Staff(), account.id, MakeMeter("M1", kTenant, false)),
              FailsWith(Code::kFailedPrecondition, "METER_INACTIVE"));
}

TEST_F(AccountUseCaseTest, EachChangeRaisesTheVersionAndPublishesAllOfIt) {
  const auto meter = MakeMeter("M1");
  const auto account = Open(OpenInput());
  EXPECT_EQ(Bind(Staff(), account.id, meter).value().version, 2);
  EXPECT_EQ(SetHousehold(Staff(), account.id, 6).value().version, 3);
  EXPECT_EQ(SetHousehold(Staff(), account.id, 6).value().version, 3);
  EXPECT_EQ(Unbind(Staff(), account.id, meter).value().version, 4);
  EXPECT_EQ(Close(Staff(), account.id).value().version, 5);
  EXPECT_EQ(Close(Staff(), account.id).value().version, 5);
  EXPECT_EQ(Count("outbox"), 5);
  const auto cases = Cases(account.id);
  ASSERT_EQ(cases.size(), 5U);
  EXPECT_EQ(cases[0].kind, CaseKind::kClose);
  EXPECT_EQ(cases[0].note, "moved");
  EXPECT_EQ(cases[2].change, "household_size: 4 -> 6");
}

TEST_F(AccountUseCaseTest, WithArrearsAnAccountStaysOpen) {  // REV-18
  const auto account = Open(OpenInput());
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) { store::Keep(tx, context, BalanceView{account.id, 100, 0, 1}); });
  EXPECT_THAT(Close(context, account.id),
              FailsWith(Code::kFailedPrecondition, "ACCOUNT_HAS_ARREARS"));
  Do(context, [&](pg::Tx& tx) { store::Keep(tx, context, BalanceView{account.id, 0, 0, 2}); });
  EXPECT_THAT(Close(context, account.id), Succeeds());
}

TEST_F(AccountUseCaseTest, OutOfScopeAndForeignAccountsCannotBeChanged) {
  const auto meter = MakeMeter("M1");
  const auto account = Open(OpenInput());
  for (const auto& context : {Staff(kOther), Staff(kTenant, {Branch("south")})}) {
    const auto not_found = FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND");
    EXPECT_THAT(Bind(context, account.id, meter), not_found);
    EXPECT_THAT(Unbind(context, account.id, meter), not_found);
    EXPECT_THAT(SetHousehold(context, account.id, 2), not_found);
    EXPECT_THAT(Close(context, account.id), not_found);
  }
}

}  // namespace
}  // namespace karez::accounts::tests
