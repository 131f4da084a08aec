#include <atomic>

#include <gtest/gtest.h>

#include "karez/accounts/v1/events.pb.h"
#include "karez/billing/v1/events.pb.h"
#include "karez/identity/v1/events.pb.h"

#include "libs/events/fact.h"
#include "libs/testing/eventually.h"
#include "libs/testing/service.h"

namespace karez::events {
namespace {

using accounts::v1::AccountChanged;
using billing::v1::BalanceChanged;
using testing::Eventually;

// A billing service without an App: common tables, real Kafka, handlers given by the test.
class EventsTest : public ::testing::Test {
 protected:
  EventsTest() : service_("billing", kNone, clock_) { service_.database().AddTenant(2, "two"); }

  void CountAccounts() {
    service_.host().consumer().On<AccountChanged>(
        service_.host().Topic("accounts"),
        [this](pg::Tx& tx, const Context& context, const AccountChanged& event,
               const Message&) -> Result<void> {
          if (event.number() == "poison" && poisoned_) {
            return Fail(Code::kFailedPrecondition, "POISON", "Cannot be applied.");
          }
          static constexpr pg::Query kAdd{"test.note", R"sql(
            INSERT INTO number_counter AS c (tenant_id, series, last) VALUES ($1, $2, 1)
            ON CONFLICT (tenant_id, series) DO UPDATE SET last = c.last + 1)sql"};
          tx.Exec(kAdd, context.tenant_id(), event.number());
          return {};
        });
  }

  void Send(const Uuid& aggregate, const std::string& number, const Uuid& event_id = Uuid::V7(),
            TenantId tenant = 2) {
    AccountChanged event;
    event.set_number(number);
    service_.Publish("accounts", tenant, "account", aggregate, 1, event, event_id);
  }

  bool Applied(const std::string& number, int times) {
    return Eventually([&] {
      return service_.database().Value("SELECT last FROM number_counter WHERE series = '" + number +
                                       "'") == std::to_string(times);
    });
  }
  std::string Parked() { return service_.database().Value("SELECT count(*) FROM parked_event"); }

  const std::vector<pg::Migration> kNone;
  SystemClock clock_;
  testing::Service service_;
  std::atomic<bool> poisoned_ = true;
};

TEST_F(EventsTest, AFactWrittenInATransactionReachesKafkaOnceItIsCommitted) {
  service_.Start();
  const Uuid account = Uuid::V7();
  const auto publish = [&](std::int64_t version, bool commit) {
    service_.host().pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
      BalanceChanged event;
      event.set_arrears_fen(version);
      tx.Publish(MakeFact("balance", account, version, event));
      return commit;
    });
  };
  publish(1, true);
  publish(99, false);
  publish(2, true);
  const auto published = service_.Await("karez.billing.v1.BalanceChanged", 2);
  ASSERT_EQ(published.size(), 2U);
  EXPECT_EQ(published[0].version, 1);
  EXPECT_EQ(published[1].version, 2);
  EXPECT_EQ(published[1].aggregate, account);
  EXPECT_EQ(published[1].tenant, 2);
  EXPECT_TRUE(
      Eventually([&] { return service_.database().Value("SELECT count(*) FROM outbox") == "0"; }));
}

TEST_F(EventsTest, AnEventDeliveredTwiceIsAppliedOnce) {
  CountAccounts();
  service_.Start();
  const Uuid event_id = Uuid::V7();
  Send(Uuid::V7(), "twice", event_id);
  Send(Uuid::V7(), "twice", event_id);
  Send(Uuid::V7(), "after");
  ASSERT_TRUE(Applied("after", 1));
  EXPECT_TRUE(Applied("twice", 1));
}

TEST_F(EventsTest, AnEventThatFailsIsParkedWithItsReasonAndLaterOnesOfItsKeyWaitBehindIt) {
  CountAccounts();
  service_.Start();
  const Uuid sick = Uuid::V7();
  Send(sick, "poison");
  Send(sick, "behind");
  Send(Uuid::V7(), "other");
  ASSERT_TRUE(Applied("other", 1));
  ASSERT_TRUE(Eventually([&] { return Parked() == "2"; }));
  EXPECT_EQ(service_.database().Value("SELECT reason FROM parked_event ORDER BY id LIMIT 1"),
            "POISON: Cannot be applied.");
  // Driving them again while the cause is there changes nothing but the count of attempts.
  EXPECT_EQ(service_.host().consumer().Redrive(), 0);
  EXPECT_EQ(service_.database().Value("SELECT max(attempts) FROM parked_event"), "2");

  poisoned_ = false;
  EXPECT_EQ(service_.host().consumer().Redrive(), 2);
  EXPECT_TRUE(Applied("poison", 1));
  EXPECT_TRUE(Applied("behind", 1));
  EXPECT_EQ(Parked(), "0");
}

TEST_F(EventsTest, AnEventOfATenantNotYetAnnouncedIsAppliedWhenTheTenantArrives) {
  CountAccounts();
  FollowTenants(service_.host().consumer(), service_.host().tenants(),
                service_.host().Topic("identity"));
  service_.Start();
  Send(Uuid::V7(), "early", Uuid::V7(), 7);
  identity::v1::TenantChanged tenant;
  tenant.set_tenant_id(7);
  tenant.set_code("seven");
  tenant.set_name("Seven");
  tenant.set_zone("Africa/Cairo");
  tenant.set_active(true);
  (*tenant.mutable_settings())["billing.carry_remainder"] = "false";
  tenant.set_version(1);
  service_.Publish("identity", 7, "tenant", Uuid::V7(), 1, tenant);
  EXPECT_TRUE(Applied("early", 1));
  const auto known = service_.host().tenants().Find(7);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->zone.name(), "Africa/Cairo");
  EXPECT_EQ(known->Setting("billing.carry_remainder", "true"), "false");
}

TEST_F(EventsTest, ARestartedConsumerGoesOnWhereItWas) {
  CountAccounts();
  service_.Start();
  Send(Uuid::V7(), "first");
  ASSERT_TRUE(Applied("first", 1));
  service_.Restart();
  Send(Uuid::V7(), "second");
  CountAccounts();
  service_.Start();
  EXPECT_TRUE(Applied("second", 1));
  EXPECT_TRUE(Applied("first", 1));
}

TEST_F(EventsTest, WaitsOutADatabaseThatGoesAwayAndLosesNothing) {
  CountAccounts();
  service_.Start();
  Send(Uuid::V7(), "before");
  ASSERT_TRUE(Applied("before", 1));
  const std::string name = service_.database().Value("SELECT current_database()");
  service_.database().Sql("ALTER ROLE karez_billing CONNECTION LIMIT 0");
  service_.database().Sql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name +
      "' AND usename = 'karez_billing'");
  Send(Uuid::V7(), "meanwhile");
  service_.database().Sql("ALTER ROLE karez_billing CONNECTION LIMIT -1");
  EXPECT_TRUE(Applied("meanwhile", 1));
  EXPECT_EQ(Parked(), "0");
}

}  // namespace
}  // namespace karez::events
