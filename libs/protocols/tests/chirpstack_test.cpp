// ChirpStack's events with members present and absent, and the downlink command.
#include <array>
#include <string>

#include <gtest/gtest.h>

#include "libs/protocols/chirpstack/event.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols::chirpstack {
namespace {

constexpr std::string_view kDevice = R"("deviceInfo":{"devEui":"0101010101010101"})";

std::string With(std::string_view members) {
  std::string text = "{" + std::string(kDevice);
  if (!members.empty()) text += "," + std::string(members);
  return text + "}";
}

EventType TypeOf(std::string_view members) {
  json::Parser parser;
  Event event;
  (void)ReadEvent(parser, With(members), EventType::kUnknown, event);
  return event.type;
}

TEST(ChirpstackTest, ATypeIsToldFromItsMembers) {
  EXPECT_EQ(TypeOf(R"("dr":1})"), EventType::kUnknown);
  EXPECT_EQ(TypeOf(R"("devAddr":"00189440","txInfo":{})"), EventType::kUp);
  EXPECT_EQ(TypeOf(R"("devAddr":"00189440")"), EventType::kJoin);
  EXPECT_EQ(TypeOf(R"("margin":10)"), EventType::kStatus);
  EXPECT_EQ(TypeOf(R"("queueItemId":"a")"), EventType::kAck);
  EXPECT_EQ(TypeOf(R"("queueItemId":"a","downlinkId":7)"), EventType::kTxAck);
  EXPECT_EQ(TypeOf(R"("description":"x")"), EventType::kLog);
  EXPECT_EQ(TypeOf(""), EventType::kUnknown);
}

TEST(ChirpstackTest, AbsentMembersAreZero) {
  json::Parser parser;
  Event event;
  ASSERT_TRUE(ReadEvent(parser, With(""), EventType::kUp, event).ok());
  EXPECT_EQ(event.dev_eui, "0101010101010101");
  EXPECT_EQ(event.up.counter, 0u);
  EXPECT_EQ(event.up.port, 0);
  EXPECT_FALSE(event.up.confirmed);
  EXPECT_TRUE(event.up.data.empty());
  EXPECT_FALSE(event.up.best);
  ASSERT_TRUE(ReadEvent(parser, With(""), EventType::kAck, event).ok());
  EXPECT_FALSE(event.ack.acknowledged);
  ASSERT_TRUE(ReadEvent(parser, With(""), EventType::kStatus, event).ok());
  EXPECT_EQ(event.status.battery_percent, 0.0);
  ASSERT_TRUE(
      ReadEvent(parser, With(R"("batteryLevelUnavailable":true)"), EventType::kStatus, event).ok());
  EXPECT_EQ(event.status.battery_percent, std::nullopt);
  ASSERT_TRUE(ReadEvent(parser, With(R"("code":null)"), EventType::kLog, event).ok());
  EXPECT_EQ(event.log.level, "INFO");
}

TEST(ChirpstackTest, TheStrongestGatewayCounts) {
  json::Parser parser;
  Event event;
  ASSERT_TRUE(
      ReadEvent(parser,
                With(R"("rxInfo":[{"gatewayId":"a","rssi":-110,"snr":-3.5},)"
                     R"({"gatewayId":"b","rssi":-80,"snr":9.75},{"gatewayId":"c","rssi":-90}],)"
                     R"("data":"AQI","fCnt":70000)"),
                EventType::kUp, event)
          .ok());
  ASSERT_TRUE(event.up.best);
  EXPECT_EQ(event.up.best->gateway_id, "b");
  EXPECT_EQ(event.up.best->snr_db, 9.75);
  EXPECT_EQ(event.up.receptions, 3u);
  EXPECT_EQ(event.up.counter, 70000u);
  EXPECT_EQ(event.up.data.size(), 2u);
  Observation observation;
  Observe(event, observation);
  EXPECT_EQ(observation.signal_dbm, -80);
  EXPECT_EQ(observation.device_id.view(), "0101010101010101");
}

TEST(ChirpstackTest, AFaultNamesItsMember) {
  json::Parser parser;
  Event event;
  const auto field = [&](std::string_view text) {
    const FieldError error = ReadEvent(parser, text, EventType::kUp, event);
    EXPECT_EQ(error.fault, Fault::kField) << text;
    return error.field;
  };
  EXPECT_EQ(field("{}"), "deviceInfo.devEui");
  EXPECT_EQ(field(R"({"deviceInfo":{"devEui":"01"}})"), "deviceInfo.devEui");
  EXPECT_EQ(field(With(R"("fPort":256)")), "fPort");
  EXPECT_EQ(field(With(R"("fCnt":"1")")), "fCnt");
  EXPECT_EQ(field(With(R"("data":"!!")")), "data");
  EXPECT_EQ(field(With(R"("rxInfo":{})")), "rxInfo");
  EXPECT_EQ(field(With(R"("rxInfo":[{"rssi":1.5}])")), "rxInfo.rssi");
  EXPECT_EQ(ReadEvent(parser, "[]", EventType::kUp, event).fault, Fault::kText);
}

TEST(ChirpstackTest, ADownlinkCommandComesBack) {
  Enqueue command;
  command.dev_eui = "0101010101010101";
  command.id = "1bbcab1d-6ec6-4136-b3f5-d63be1dc08de";
  command.port = 10;
  command.confirmed = true;
  for (int i = 0; i < 50; ++i) command.data.push_back(static_cast<std::byte>(i * 7));
  std::array<char, 512> text;
  json::Writer writer(text);
  ASSERT_TRUE(WriteEnqueue(command, writer).ok());
  json::Parser parser;
  Enqueue read;
  ASSERT_TRUE(ReadEnqueue(parser, writer.text(), read).ok());
  EXPECT_EQ(read.id, command.id);
  EXPECT_EQ(read.dev_eui, command.dev_eui);
  EXPECT_EQ(read.port, 10);
  EXPECT_TRUE(read.confirmed);
  EXPECT_TRUE(
      std::equal(read.data.begin(), read.data.end(), command.data.begin(), command.data.end()));
  command.port = 0;
  EXPECT_EQ(WriteEnqueue(command, writer).field, "fPort");
  command.port = 224;
  EXPECT_EQ(WriteEnqueue(command, writer).field, "fPort");
  command.dev_eui = "01";
  EXPECT_EQ(WriteEnqueue(command, writer).field, "devEui");
  EXPECT_EQ(ReadEnqueue(parser, R"({"devEui":"0101010101010101","data":"AQ=="})", read).field,
            "fPort");
}

}  // namespace
}  // namespace karez::protocols::chirpstack
