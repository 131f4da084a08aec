#include "services/accounts/store/meter_store.h"

#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

class MeterStoreTest : public AccountsTest {
 protected:
  void Upsert(const Meter& meter) {
    const auto context = Staff();
    Do(context, [&](pg::Tx& tx) { store::UpsertMeter(tx, context, meter); });
  }
  std::vector<Meter> Lock(const Context& context, const std::vector<MeterId>& ids) {
    std::vector<Meter> out;
    Do(context, [&](pg::Tx& tx) { out = store::LockMeters(tx, context, ids); });
    return out;
  }
};

TEST_F(MeterStoreTest, TakesNewerVersionsOnly) {
  Meter meter = MakeMeter("M1");
  meter.version = 3;
  meter.active = false;
  Upsert(meter);
  meter.version = 2;
  meter.active = true;
  Upsert(meter);
  const auto found = Lock(Staff(), {meter.id});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].version, 3);
  EXPECT_FALSE(found[0].active);
}

TEST_F(MeterStoreTest, ASecondUtilityAndAnotherBranchSeeNothing) {
  const auto meter = MakeMeter("M1");
  EXPECT_TRUE(Lock(Staff(kOther), {meter.id}).empty());
  EXPECT_TRUE(Lock(Staff(kTenant, {Branch("south")}), {meter.id}).empty());
  const auto other = Staff(kOther);
  Do(other, [&](pg::Tx& tx) {
    EXPECT_FALSE(store::FindMeterByNumber(tx, other, "M1"));
    EXPECT_TRUE(store::FindMeterUses(tx, other, {meter.id}).empty());
    EXPECT_TRUE(store::FindArrivedKeys(tx, other, "accounts.import_accounts", 10).empty());
  });
}

TEST_F(MeterStoreTest, KnowsWhoHasAMeter) {
  const auto meter = MakeMeter("M1");
  const auto account = Open(OpenInput("101", {{meter.id, 0, clock_.Now(), "meters[0]."}}));
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) {
    const auto uses = store::FindMeterUses(tx, context, {meter.id});
    ASSERT_EQ(uses.size(), 1U);
    EXPECT_EQ(uses[0].account_number, account.number);
    EXPECT_FALSE(uses[0].last_end);
  });
}

}  // namespace
}  // namespace karez::accounts::tests
