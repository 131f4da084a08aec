#include <gmock/gmock.h>
#include <google/protobuf/empty.pb.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/metering/app.h"
#include "services/metering/store/account_store.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/store/reading_store.h"
#include "services/metering/store/settlement_store.h"
#include "services/metering/usecases/settle_account.h"
#include "services/metering/usecases/settle_month.h"

namespace karez::metering {
namespace {

using ::karez::testing::FailsWith;
using ::karez::testing::Succeeds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr TenantId kUs = 2;
constexpr TenantId kThem = 3;
constexpr std::int64_t kM3 = 1'000'000;

class SettlementTest : public ::testing::Test {
 protected:
  SettlementTest() : database_("metering", Migrations()), clock_(SystemClock().Now()) {
    // Months around the real today, because partitions are.
    this_month_ = MonthOf(Zone().DateOf(clock_.Now()));
    last_month_ = this_month_ - std::chrono::months(1);
    meter_ = NewMeter("1001");
    account_ = Bind(meter_, Day(last_month_, 1), 0);
  }

  Instant Day(Month month, int day) const {
    return Zone().StartOf(month / std::chrono::day(static_cast<unsigned>(day)));
  }
  template <class Fn>
  auto In(TenantId tenant, Fn fn) {
    const auto context = ::karez::testing::StaffContext(tenant, clock_);
    std::optional<decltype(fn(std::declval<pg::Tx&>(), context))> out;
    database_.pool().RunTransaction({.tenant = tenant}, [&](pg::Tx& tx) {
      out.emplace(fn(tx, context));
      return true;
    });
    return *std::move(out);
  }
  domain::Meter NewMeter(const std::string& number) {
    domain::Meter meter;
    meter.id = domain::MeterId::New();
    meter.number = number;
    meter.branch_id = BranchId::New();
    meter.profile = "karez-hourly";
    meter.reg = {20, 5};
    meter.device_address = number;
    In(kUs,
       [&](pg::Tx& tx, const Context& context) { return store::InsertMeter(tx, context, meter); });
    return meter;
  }
  domain::AccountId Bind(const domain::Meter& meter, Instant from, std::int64_t from_ml,
                         std::optional<domain::Point> to = {}) {
    domain::Binding binding;
    binding.id = domain::BindingId::New();
    binding.account_id = domain::AccountId::New();
    binding.meter_id = meter.id;
    binding.meter_number = meter.number;
    binding.from = {from, from_ml};
    binding.to = to;
    In(kUs, [&](pg::Tx& tx, const Context& context) {
      store::SaveAccount(tx, context, {binding.account_id, "A", meter.branch_id, 1});
      store::SaveBindings(tx, context, binding.account_id, {binding});
      return true;
    });
    return binding.account_id;
  }
  void Read(const domain::Meter& meter, Instant at, std::int64_t value_ml) {
    domain::Reading reading;
    reading.meter_id = meter.id;
    reading.point = {at, value_ml};
    reading.received_at = at;
    In(kUs, [&](pg::Tx& tx, const Context& context) {
      store::InsertReadings(tx, context, std::vector{reading});
      return true;
    });
  }
  // Begins the settlement and runs it to its end.
  Result<store::Settlement> Settle(Month month) {
    return In(kUs, [&](pg::Tx& tx, const Context& context) -> Result<store::Settlement> {
      ASSIGN_OR_RETURN(const auto begun,
                       usecases::BeginSettleMonth(tx, context, month, google::protobuf::Empty()));
      ASSIGN_OR_RETURN(auto operation, ::karez::jobs::Get(tx, context, begun.id));
      while (*usecases::StepSettleMonth(tx, context, operation) == ::karez::jobs::Progress::kMore) {
      }
      // What the runner writes when a step is the last.
      tx.Command("UPDATE operation SET state = 'succeeded'");
      return store::GetSettlement(tx, context, begun.id);
    });
  }
  std::vector<domain::Line> Lines(Month month, TenantId tenant = kUs) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      return store::ListLines(tx, context, {month, "", std::nullopt, 50});
    });
  }

  ::karez::testing::Database database_;
  ManualClock clock_;
  Month this_month_{}, last_month_{};
  domain::Meter meter_;
  domain::AccountId account_;
};

TEST_F(SettlementTest, TheLastReadingOfTheMonthClosesIt) {
  Read(meter_, Day(last_month_, 20), 8 * kM3);
  Read(meter_, Day(last_month_, 27), 11 * kM3);
  Read(meter_, Day(this_month_, 1), 12 * kM3);  // midnight: the last moment of the month
  Read(meter_, Day(this_month_, 1) + std::chrono::minutes(5), 13 * kM3);
  const auto settlement = Settle(last_month_);
  ASSERT_THAT(settlement, Succeeds());
  EXPECT_EQ(settlement->lines, 1);
  EXPECT_EQ(settlement->volume_ml, 12 * kM3);
  const auto lines = Lines(last_month_);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_EQ(lines[0].account_id, account_);
  EXPECT_EQ(database_.Value("SELECT count(*) FROM outbox WHERE agg_type = 'settlement_line'"), "1");
}

TEST_F(SettlementTest, RunAgainItSettlesOnlyMetersThatWereNotInIt) {
  Read(meter_, Day(last_month_, 27), 11 * kM3);
  ASSERT_THAT(Settle(last_month_), Succeeds());
  Read(meter_, Day(last_month_, 28), 12 * kM3);  // late: comes into the next month
  const auto second = NewMeter("1002");
  Bind(second, Day(last_month_, 2), 0);
  const auto again = Settle(last_month_);
  EXPECT_EQ(again->lines, 1);
  const auto lines = Lines(last_month_);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_EQ(lines[0].volume_ml, 11 * kM3) << "a frozen month never changes";
  EXPECT_THAT(lines[1].flags, ElementsAre("no_reading"));
}

TEST_F(SettlementTest, AMonthThatIsNotOverIsRefused) {
  EXPECT_THAT(Settle(this_month_), FailsWith(Code::kFailedPrecondition, "MONTH_NOT_OVER"));
}

TEST_F(SettlementTest, TwoSettlementsAtOnceAreRefused) {
  const auto second = In(kUs, [&](pg::Tx& tx, const Context& context) {
    EXPECT_THAT(usecases::BeginSettleMonth(tx, context, last_month_, google::protobuf::Empty()),
                Succeeds());
    return usecases::BeginSettleMonth(tx, context, last_month_, google::protobuf::Empty());
  });
  EXPECT_THAT(second, FailsWith(Code::kAlreadyExists, "SETTLEMENT_ACTIVE"));
}

TEST_F(SettlementTest, AnInterimSettlementServesOneAccountAndTheMonthOpensWhereItEnded) {
  Read(meter_, Day(last_month_, 10), 4 * kM3);
  clock_.Set(Day(last_month_, 11));
  const auto settle = [&] {
    return In(kUs, [&](pg::Tx& tx, const Context& context) {
      return usecases::SettleAccount(tx, context, account_);
    });
  };
  const auto lines = settle();
  ASSERT_THAT(lines, Succeeds());
  ASSERT_THAT(*lines, SizeIs(1));
  EXPECT_EQ((*lines)[0].volume_ml, 4 * kM3);
  EXPECT_THAT(settle(), FailsWith(Code::kFailedPrecondition, "NO_NEW_READING"));
  Read(meter_, Day(last_month_, 27), 9 * kM3);
  clock_.Set(Day(this_month_, 2));
  EXPECT_EQ(Settle(last_month_)->volume_ml, 5 * kM3);
}

TEST_F(SettlementTest, ABindingThatEndedIsSettledOnceToItsEnd) {
  const auto meter = NewMeter("1003");
  const auto account =
      Bind(meter, Day(last_month_, 1), 0, domain::Point{Day(last_month_, 15), 6 * kM3});
  Read(meter, Day(last_month_, 14), 5 * kM3);
  EXPECT_EQ(Settle(last_month_)->volume_ml, 6 * kM3);
  EXPECT_THAT(In(kUs,
                 [&](pg::Tx& tx, const Context& context) {
                   return usecases::SettleAccount(tx, context, account);
                 }),
              FailsWith(Code::kFailedPrecondition, "NO_NEW_READING"));
}

TEST_F(SettlementTest, ASecondTenantSeesNoLinesAndNoAccount) {
  Read(meter_, Day(last_month_, 27), 11 * kM3);
  ASSERT_THAT(Settle(last_month_), Succeeds());
  EXPECT_THAT(Lines(last_month_, kThem), IsEmpty());
  EXPECT_THAT(In(kThem,
                 [&](pg::Tx& tx, const Context& context) {
                   return usecases::SettleAccount(tx, context, account_);
                 }),
              FailsWith(Code::kNotFound, "ACCOUNT_NOT_FOUND"));
}

TEST_F(SettlementTest, AnOlderStateOfAnAccountChangesNothing) {
  const auto saved = In(kUs, [&](pg::Tx& tx, const Context& context) {
    return store::SaveAccount(tx, context, {account_, "old", meter_.branch_id, 1});
  });
  EXPECT_FALSE(saved);
}

}  // namespace
}  // namespace karez::metering
