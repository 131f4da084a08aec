#include "services/metering/tests/frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/metering/app.h"
#include "services/metering/store/frame_store.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/store/reading_store.h"
#include "services/metering/store/terminal_store.h"
#include "services/metering/usecases/create_meter.h"
#include "services/metering/usecases/create_terminal.h"
#include "services/metering/usecases/store_frames.h"

namespace karez::metering {
namespace {

using metering::testing::DayFrame;
using metering::testing::ReadingFrame;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr TenantId kUs = 2;
constexpr TenantId kThem = 3;
constexpr const char* kAddress = "00000000001001";

// The present of the test: partitions are made around the real today.
Instant Noon() { return Zone().At(Zone().DateOf(SystemClock().Now()), std::chrono::hours(12)); }

protocols::LocalTime Local(Instant at) {
  const LocalDate date = Zone().DateOf(at);
  const auto seconds = Zone().TimeOfDay(at).count();
  return {static_cast<std::uint16_t>(static_cast<int>(date.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.day())),
          static_cast<std::uint8_t>(seconds / 3600),
          static_cast<std::uint8_t>(seconds / 60 % 60),
          static_cast<std::uint8_t>(seconds % 60)};
}

class FramesTest : public ::testing::Test {
 protected:
  FramesTest() : database_("metering", Migrations()), clock_(Noon()) {
    for (const TenantId tenant : {kUs, kThem}) {
      const std::string id = tenant == kUs ? "1" : "2";
      database_.Sql("INSERT INTO branch VALUES (" + std::to_string(tenant) +
                    ", '00000000-0000-7000-8000-00000000000" + id + "', 'B1', 'Branch', 1)");
      branch_[tenant] = *BranchId::Parse("00000000-0000-7000-8000-00000000000" + id);
    }
    terminal_ = NewTerminal(kUs, "10");
    meter_ = NewMeter(kUs, terminal_, "1001");
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
  domain::Terminal NewTerminal(TenantId tenant, const std::string& number) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      const auto draft = usecases::DraftTerminal(
          metering::testing::Profiles(),
          {number, domain::Terminal::Kind::kAcknowledged, branch_[tenant], "", 0});
      EXPECT_THAT(usecases::CreateTerminal(tx, context, *draft), ::karez::testing::Succeeds());
      return *draft;
    });
  }
  domain::Meter NewMeter(TenantId tenant, const domain::Terminal& terminal,
                         const std::string& number) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      usecases::NewMeter wanted;
      wanted.number = number;
      wanted.branch_id = branch_[tenant];
      wanted.profile = metering::testing::kProfile;
      wanted.terminal_id = terminal.id;
      auto draft = usecases::DraftMeter(metering::testing::Profiles(), wanted);
      return *usecases::CreateMeter(tx, context, *std::move(draft));
    });
  }
  domain::RawFrame Frame(const std::string& payload, std::int64_t sequence,
                         const std::string& address = kAddress) {
    domain::RawFrame frame;
    frame.id = domain::FrameId::New();
    frame.terminal_id = terminal_.id;
    frame.terminal_number = terminal_.number;
    frame.device_address = address;
    frame.sequence = sequence;
    frame.received_at = clock_.Now();
    frame.edge_id = "edge";
    frame.payload = payload;
    return frame;
  }
  // In one batch.
  usecases::FrameTally Take(const std::vector<domain::RawFrame>& frames, TenantId tenant = kUs) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      return usecases::StoreFrames(tx, context, metering::testing::Profiles(), frames);
    });
  }
  std::vector<domain::Reading> Readings(TenantId tenant = kUs) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      store::ReadingFilter filter;
      filter.meter_id = meter_.id;
      return store::ListReadings(tx, context, filter);
    });
  }
  store::FrameAccount Account(TenantId tenant = kUs) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      const auto days = store::ListFrameAccounts(tx, context, context.Today(), context.Today());
      return days.empty() ? store::FrameAccount{} : days[0];
    });
  }
  std::vector<store::QuarantinedFrame> Quarantine(TenantId tenant = kUs) {
    return In(tenant, [&](pg::Tx& tx, const Context& context) {
      return store::ListQuarantine(tx, context, "", std::nullopt, 50);
    });
  }

  ::karez::testing::Database database_;
  ManualClock clock_;
  std::map<TenantId, BranchId> branch_;
  domain::Terminal terminal_;
  domain::Meter meter_;
};

TEST_F(FramesTest, AFrameBecomesAReadingAtTheMetersOwnTime) {
  const Instant at = clock_.Now() - std::chrono::days(3);
  Take({Frame(ReadingFrame(kAddress, 123'456, 120'000, Local(at), false), 1)});
  const auto readings = Readings();
  ASSERT_THAT(readings, SizeIs(1));
  EXPECT_EQ(readings[0].point, (domain::Point{at, 1'234'560'000}));
  EXPECT_EQ(readings[0].settled_ml, 1'200'000'000);
  EXPECT_EQ(readings[0].quality, domain::TimeQuality::kDevice);
  EXPECT_EQ(readings[0].valve, "closed");
  EXPECT_EQ(Account().received, 1);
  EXPECT_EQ(Account().stored, 1);
}

TEST_F(FramesTest, ASecondTenantSeesNothingOfIt) {
  Take({Frame(ReadingFrame(kAddress, 100, 0, Local(clock_.Now())), 1)});
  EXPECT_THAT(Readings(kThem), IsEmpty());
  EXPECT_EQ(Account(kThem).received, 0);
  EXPECT_THAT(Quarantine(kThem), IsEmpty());
}

TEST_F(FramesTest, AFrameOfAnotherTenantsTerminalIsNeverMatchedToOurMeters) {
  // Even if a record named our terminal under their tenant, nothing of ours is reached.
  EXPECT_EQ(Take({Frame(ReadingFrame(kAddress, 100, 0, Local(clock_.Now())), 1)}, kThem).stored, 0);
  EXPECT_THAT(Readings(), IsEmpty());
  EXPECT_THAT(Account(kThem).quarantined, ElementsAre(Pair("unknown_device", 1)));
}

TEST_F(FramesTest, WhatKafkaDeliversAgainIsCountedOnce) {
  const std::string payload = ReadingFrame(kAddress, 100, 0, Local(clock_.Now()));
  const std::vector<domain::RawFrame> batch = {Frame(payload, 1), Frame(payload, 1),
                                               Frame(payload, 2), Frame("nonsense", 3)};
  for (int delivery = 0; delivery < 3; ++delivery) Take(batch);
  const auto account = Account();
  EXPECT_EQ(account.received, 4);
  EXPECT_EQ(account.stored, 1);
  EXPECT_EQ(account.duplicate, 2);
  EXPECT_THAT(account.quarantined, ElementsAre(Pair("undecodable", 1)));
}

TEST_F(FramesTest, WithoutAClockADuplicateIsToldByTheTerminalsSequence) {
  const std::string payload = ReadingFrame(kAddress, 100, 0, std::nullopt);
  EXPECT_EQ(Take({Frame(payload, 1)}).stored, 1);
  clock_.Advance(std::chrono::minutes(1));
  EXPECT_EQ(Take({Frame(payload, 1)}).duplicate, 1);
  EXPECT_EQ(Take({Frame(payload, 2)}).stored, 1);
  EXPECT_EQ(Readings()[0].quality, domain::TimeQuality::kReceived);
}

TEST_F(FramesTest, AConflictingValueIsQuarantinedAndNeverOverwrites) {
  const auto clock = Local(clock_.Now());
  Take({Frame(ReadingFrame(kAddress, 100, 0, clock), 1)});
  Take({Frame(ReadingFrame(kAddress, 101, 0, clock), 2)});
  ASSERT_THAT(Readings(), SizeIs(1));
  EXPECT_EQ(Readings()[0].point.value_ml, 1'000'000);
  const auto quarantine = Quarantine();
  ASSERT_THAT(quarantine, SizeIs(1));
  EXPECT_EQ(quarantine[0].reason, "conflict");
}

TEST_F(FramesTest, UnknownMetersAreKeptForPeople) {
  Take({Frame(ReadingFrame("00000000009999", 100, 0, Local(clock_.Now())), 1, "00000000009999")});
  const auto quarantine = Quarantine();
  ASSERT_THAT(quarantine, SizeIs(1));
  EXPECT_EQ(quarantine[0].reason, "unknown_device");
  EXPECT_EQ(quarantine[0].device_address, "00000000009999");
}

TEST_F(FramesTest, AReadingThatComesLateFindsItsPlaceAndDoesNotMoveTheNewest) {
  const auto day = [&](int back) { return clock_.Now() - std::chrono::days(back); };
  Take({Frame(ReadingFrame(kAddress, 300, 0, Local(day(1))), 1)});
  Take({Frame(ReadingFrame(kAddress, 100, 0, Local(day(3))), 2),
        Frame(ReadingFrame(kAddress, 200, 0, Local(day(2))), 3)});
  const auto readings = Readings();
  ASSERT_THAT(readings, SizeIs(3));
  EXPECT_EQ(readings[0].point.value_ml, 3'000'000);
  EXPECT_THAT(readings[2].flags, IsEmpty());
  const auto latest = In(kUs, [&](pg::Tx& tx, const Context& context) {
    return store::LatestOf(tx, context, {meter_.id});
  });
  EXPECT_EQ(latest.at(meter_.id).point.time, day(1));
  EXPECT_EQ(database_.Value("SELECT count(*) FROM outbox WHERE agg_type = 'meter_reading'"), "1");
}

TEST_F(FramesTest, AnImpossibleJumpIsQuarantinedWithinOneBatchToo) {
  const Instant at = clock_.Now() - std::chrono::hours(5);
  Take({Frame(ReadingFrame(kAddress, 10'000, 0, Local(at)), 1),
        Frame(ReadingFrame(kAddress, 99'000, 0, Local(at + std::chrono::hours(1))), 2)});
  EXPECT_THAT(Account().quarantined, ElementsAre(Pair("impossible_jump", 1)));
}

TEST_F(FramesTest, HoursAreMergedSlotBySlot) {
  const Instant today = clock_.Now();
  std::array<std::int64_t, 24> first, second;
  first.fill(protocols::kAbsent);
  second.fill(protocols::kAbsent);
  first[0] = 5;
  first[1] = 6;
  second[1] = 7;  // conflicts
  second[2] = 8;
  EXPECT_EQ(Take({Frame(DayFrame(kAddress, Local(today), first), 1)}).stored, 1);
  EXPECT_EQ(Take({Frame(DayFrame(kAddress, Local(today), second), 2)}).quarantined, 1);
  EXPECT_EQ(Take({Frame(DayFrame(kAddress, Local(today), first), 3)}).duplicate, 1);
  const auto days = In(kUs, [&](pg::Tx& tx, const Context& context) {
    return store::ListDays(tx, context, meter_.id, context.Today(), context.Today());
  });
  ASSERT_THAT(days, SizeIs(1));
  EXPECT_EQ(days[0].hours[0], 5'000);
  EXPECT_EQ(days[0].hours[1], 6'000);
  EXPECT_EQ(days[0].hours[2], 8'000);
  EXPECT_EQ(days[0].hours[3], domain::kMissingHour);
}

TEST_F(FramesTest, SeveralReadingsOfABatchGiveOneFactWithTheNewest) {
  std::vector<domain::RawFrame> batch;
  for (int hour = 0; hour < 10; ++hour) {
    const Instant at = clock_.Now() - std::chrono::hours(10 - hour);
    batch.push_back(Frame(ReadingFrame(kAddress, 100 + hour, 0, Local(at)), hour));
  }
  Take(batch);
  EXPECT_EQ(database_.Value("SELECT count(*) || ' ' || max(agg_version) FROM outbox "
                            "WHERE agg_type = 'meter_reading'"),
            "1 1");
}

TEST_F(FramesTest, ATerminalNumberIsTakenOnceInTheInstallation) {
  const auto again = In(kThem, [&](pg::Tx& tx, const Context& context) {
    const auto draft = usecases::DraftTerminal(
        metering::testing::Profiles(),
        {"0010", domain::Terminal::Kind::kAcknowledged, branch_[kThem], "", 0});
    return usecases::CreateTerminal(tx, context, *draft);
  });
  EXPECT_THAT(again, ::karez::testing::FailsWith(Code::kAlreadyExists, "TERMINAL_NUMBER_TAKEN"));
}

TEST_F(FramesTest, AnAddressIsTakenOnceOnATerminal) {
  const auto again = In(kUs, [&](pg::Tx& tx, const Context& context) {
    usecases::NewMeter wanted;
    wanted.number = "other";
    wanted.branch_id = branch_[kUs];
    wanted.profile = metering::testing::kProfile;
    wanted.device_address = kAddress;
    wanted.terminal_id = terminal_.id;
    return usecases::CreateMeter(tx, context,
                                 *usecases::DraftMeter(metering::testing::Profiles(), wanted));
  });
  EXPECT_THAT(again, ::karez::testing::FailsWith(Code::kAlreadyExists, "DEVICE_ADDRESS_TAKEN"));
}

}  // namespace
}  // namespace karez::metering
