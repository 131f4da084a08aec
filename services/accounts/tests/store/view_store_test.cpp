#include "services/accounts/store/view_store.h"

#include "services/accounts/tests/fixture.h"

namespace karez::accounts::tests {
namespace {

class ViewStoreTest : public AccountsTest {
 protected:
  template <class View>
  void Keep(const View& view) {
    const auto context = Staff();
    Do(context, [&](pg::Tx& tx) { store::Keep(tx, context, view); });
  }
  const AccountId account_ = AccountId::New();
};

TEST_F(ViewStoreTest, AnOlderBalanceChangesNothing) {
  Keep(BalanceView{account_, 500, 0, 2});
  Keep(BalanceView{account_, 900, 0, 1});
  Keep(BalanceView{account_, 900, 0, 2});
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) {
    EXPECT_EQ(store::FindBalance(tx, context, account_).arrears_fen, 500);
    EXPECT_EQ(store::FindBalance(tx, context, AccountId::New()).arrears_fen, 0);
  });
}

TEST_F(ViewStoreTest, BillsStandNewestFirstAndTakeNewerVersionsOnly) {
  const BillView old{
      Uuid::V7(),   account_, "B1", "2026-04", 1, 10, 10, "issued", At("2026-05-01T00:00:00Z"),
      "2026-05-20", 1};
  BillView recent = old;
  recent.bill_id = Uuid::V7();
  recent.issue_time = At("2026-06-01T00:00:00Z");
  Keep(old);
  Keep(recent);
  BillView paid = old;
  paid.open_fen = 0;
  paid.state = "paid";
  paid.version = 2;
  Keep(paid);
  Keep(old);
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) {
    const auto bills = store::ListBills(tx, context, account_, 24);
    ASSERT_EQ(bills.size(), 2U);
    EXPECT_EQ(bills[0].bill_id, recent.bill_id);
    EXPECT_EQ(bills[1].state, "paid");
    EXPECT_EQ(store::ListBills(tx, context, account_, 1).size(), 1U);
  });
}

TEST_F(ViewStoreTest, PaymentsAndReadingsTakeNewerVersionsOnly) {
  const MeterId meter = MeterId::New();
  PaymentView payment{
      Uuid::V7(), account_, "R1", 100, "cash", "Test Clerk", At("2026-06-01T00:00:00Z"), false, 1};
  Keep(payment);
  payment.reversed = true;
  payment.version = 2;
  Keep(payment);
  payment.reversed = false;
  payment.version = 1;
  Keep(payment);
  Keep(MeterReadingView{meter, At("2026-06-02T00:00:00Z"), 20, "open", false, 2});
  Keep(MeterReadingView{meter, At("2026-06-01T00:00:00Z"), 10, "open", true, 1});
  const auto context = Staff();
  Do(context, [&](pg::Tx& tx) {
    EXPECT_TRUE(store::ListPayments(tx, context, account_, 24).at(0).reversed);
    const auto readings = store::ListReadings(tx, context, {meter});
    ASSERT_EQ(readings.size(), 1U);
    EXPECT_EQ(readings[0].value_ml, 20);
    EXPECT_FALSE(readings[0].battery_low);
  });
}

TEST_F(ViewStoreTest, ASecondUtilitySeesNothing) {
  const MeterId meter = MeterId::New();
  Keep(BalanceView{account_, 500, 0, 2});
  Keep(MeterReadingView{meter, At("2026-06-02T00:00:00Z"), 20, "open", false, 2});
  Keep(BillView{Uuid::V7(), account_, "B1", "2026-04", 1, 10, 10, "issued",
                At("2026-05-01T00:00:00Z"), "2026-05-20", 1});
  Keep(PaymentView{Uuid::V7(), account_, "R1", 100, "cash", "Test Clerk",
                   At("2026-06-01T00:00:00Z"), false, 1});
  const auto other = Staff(kOther);
  Do(other, [&](pg::Tx& tx) {
    EXPECT_EQ(store::FindBalance(tx, other, account_).version, 0);
    EXPECT_TRUE(store::ListBills(tx, other, account_, 24).empty());
    EXPECT_TRUE(store::ListPayments(tx, other, account_, 24).empty());
    EXPECT_TRUE(store::ListReadings(tx, other, {meter}).empty());
  });
}

}  // namespace
}  // namespace karez::accounts::tests
