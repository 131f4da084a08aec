#include "services/billing/store/tariff_store.h"

#include "services/billing/store/tariff_proto.h"
#include "services/billing/tests/fixture.h"
#include "services/billing/usecases/publish_tariff.h"
#include "services/billing/usecases/simulate_tariff.h"

namespace karez::billing::tests {
namespace {

class TariffStoreTest : public BillingTest {
 protected:
  Result<Tariff> TryPublish(const TariffDefinition& definition) {
    const Context context = Staff();
    return Run(context,
               [&](pg::Tx& tx) { return usecases::PublishTariff(tx, context, definition); });
  }
};

TEST_F(TariffStoreTest, AVersionComesBackAsItWasPublished) {
  TariffDefinition definition = test::Beijing();
  definition.household_allowance = HouseholdAllowance{AllowanceMethod::kShiftAll, 4, kM3, 0, 7};
  Publish(definition);
  const Context context = Staff();
  const auto tariffs = Get(
      context, [&](pg::Tx& tx) { return store::ListTariffs(tx, context, "household", {}, 10); });
  ASSERT_EQ(tariffs.size(), 1u);
  EXPECT_EQ(tariffs[0].version, 1);
  v1::TariffDefinition sent, stored;
  store::ToProto(definition, sent);
  store::ToProto(tariffs[0].definition, stored);
  EXPECT_EQ(stored.SerializeAsString(), sent.SerializeAsString());
}

TEST_F(TariffStoreTest, VersionsOfACodeBeginOnDifferentDays) {
  Publish();
  EXPECT_THAT(TryPublish(test::Beijing()),
              FailsWith(Code::kAlreadyExists, "TARIFF_VERSION_EXISTS"));
}

TEST_F(TariffStoreTest, AVersionDoesNotReachBackOverBills) {
  Publish();
  const Account account = MakeAccount();
  Settle(account, "2026-10", 9 * kM3);
  Bill("2026-10");
  TariffDefinition next = test::Beijing();
  next.effective_from = test::Day("2026-10-31");
  EXPECT_THAT(TryPublish(next), FailsWith(Code::kFailedPrecondition, "TARIFF_ALREADY_BILLED"));
  next.effective_from = test::Day("2026-11-01");
  EXPECT_THAT(TryPublish(next), Succeeds());
}

TEST_F(TariffStoreTest, AFaultyDefinitionIsNotPublished) {
  TariffDefinition faulty = test::Beijing();
  faulty.components[0].price = std::monostate();
  EXPECT_THAT(TryPublish(faulty), RefusesField("definition.components[0].flat_price_micro_yuan"));
  EXPECT_EQ(Count("tariff"), 0);
}

TEST_F(TariffStoreTest, AnotherUtilityHasTariffsOfItsOwn) {
  Publish();
  const Context other = Staff(kOther);
  const auto tariffs =
      Get(other, [&](pg::Tx& tx) { return store::ListTariffs(tx, other, "", {}, 10); });
  EXPECT_TRUE(tariffs.empty());
  EXPECT_EQ(Publish(test::Beijing(), kOther).version, 1);
}

TEST_F(TariffStoreTest, TryingItOnAnAccountTakesItsHouseholdAndCounter) {
  Publish();
  Account account = MakeAccount();
  Settle(account, "2026-09", 175 * kM3);
  Bill("2026-09");
  const Context context = Staff();
  const auto rating = Run(context, [&](pg::Tx& tx) {
    return usecases::SimulateForAccount(tx, context,
                                        {.account_id = account.id,
                                         .tariff = test::Beijing(),
                                         .volume_ml = 10 * kM3,
                                         .period_end = test::Day("2026-10-31")});
  });
  ASSERT_THAT(rating, Succeeds());
  EXPECT_EQ(rating->counter_before_ml, 175 * kM3);
  EXPECT_EQ(rating->total_fen, 5 * 500 + 5 * 700);
}

}  // namespace
}  // namespace karez::billing::tests
