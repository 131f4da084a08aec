#include <array>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "libs/protocols/decimal.h"
#include "libs/protocols/platforms/ctwing.h"
#include "libs/protocols/platforms/huawei.h"
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/onenet.h"
#include "libs/protocols/platforms/raw_member.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {
namespace {

constexpr std::string_view kReport =
    R"({"upPacketSN": -1, "upDataSN": -1, "topic": "v1/up/ad", "timestamp": 1650554828842,)"
    R"( "tenantId": "2000033629", "serviceId": "", "protocol": "lwm2m", "productId": "15114816",)"
    R"( "payload": {"APPdata": "AQFWMS4wAAAAACMAAAAH/wAlODYyNTkyMDUxNjUxNDcyAAEAMjUAODAAAAAAAAABAQ)"
    R"(AAAAEAAASD"}, "messageType": "dataReport", "deviceType": "", "deviceId": "40edca19",)"
    R"( "assocAssetId": "", "IMSI": "undefined", "IMEI": "862592051651472"})";

std::string With(std::string_view from, std::string_view to) {
  std::string text(kReport);
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string_view HeaderOf(const ApiRequest& request, std::string_view name) {
  for (const Header& header : request.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

TEST(CtwingTest, ReportCarriesBytesAndNoUndefinedIdentity) {
  PushReader reader;
  PlatformMessage seen;
  ASSERT_TRUE(reader.ReadCtwing(kReport, seen).ok());
  EXPECT_EQ(seen.kind, Kind::kData);
  EXPECT_EQ(seen.imei, "862592051651472");
  EXPECT_EQ(seen.imsi, "");
  EXPECT_EQ(seen.time_ms, 1650554828842);
  EXPECT_EQ(seen.payload.size(), 57u);
}

TEST(CtwingTest, RepetitionHasTheSameKeyAndNothingElseHas) {
  PushReader reader;
  PlatformMessage seen;
  const auto key = [&](std::string_view body) {
    EXPECT_TRUE(reader.ReadCtwing(body, seen).ok());
    return seen.dedup;
  };
  const DedupKey first = key(kReport);
  EXPECT_EQ(key(kReport), first);
  EXPECT_EQ(key(With("\"upPacketSN\": -1", "\"upPacketSN\": 7")), first);  // quirk: never counts
  EXPECT_NE(key(With("828842", "828843")), first);
  EXPECT_NE(key(With("AQFW", "AQFX")), first);
  EXPECT_NE(key(With("40edca19", "40edca18")), first);
}

TEST(CtwingTest, FaultNamesTheMember) {
  PushReader reader;
  PlatformMessage seen;
  EXPECT_EQ(reader.ReadCtwing("[]", seen).fault, Fault::kLayout);
  EXPECT_EQ(reader.ReadCtwing("{\"a\":", seen).fault, Fault::kLayout);
  EXPECT_EQ(reader.ReadCtwing(With("AQFW", "A*FW"), seen).field, "payload.APPdata");
  EXPECT_EQ(reader.ReadCtwing(With("dataReport", "weather"), seen).fault, Fault::kIdentifier);
}

TEST(CtwingTest, SignatureIsTheDocumentedOne) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  const ctwing::Signed made =
      ctwing::Sign({"app001", "secret001", "mk001"}, 1577836800000, {},
                   R"({"deviceId":"d1","operator":"karez","productId":1001,"ttl":7200,"content":)"
                   R"({"dataType":2,"payload":"AAF1"}})",
                   room);
  ASSERT_TRUE(made.error.ok());
  EXPECT_EQ(made.signature, "9oimFJEjT5QyF02ddITnovrXbIw=");
}

TEST(CtwingTest, CommandIsWrittenWithItsVersionAndSignature) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  const std::byte payload[] = {std::byte{0xAA}, std::byte{0xF1}};
  ctwing::Command command;
  command.device_id = "d1";
  command.operator_name = "karez";
  command.product_id = 1001;
  command.payload = payload;
  ApiRequest request;
  ASSERT_TRUE(ctwing::WriteCreateCommand({"app001", "secret001", "mk001"}, 1577836800000, command,
                                         room, request)
                  .ok());
  EXPECT_EQ(request.target, "/aep_device_command/command");
  EXPECT_EQ(request.body,
            R"({"content":{"dataType":2,"payload":"AAF1"},"deviceId":"d1","operator":"karez",)"
            R"("productId":1001,"ttl":7200})");
  EXPECT_EQ(HeaderOf(request, "version"), "20190712225145");
  EXPECT_EQ(HeaderOf(request, "MasterKey"), "mk001");
  EXPECT_EQ(HeaderOf(request, "signature").size(), 28u);
  command.service = "valve";
  EXPECT_EQ(ctwing::WriteCreateCommand({}, 0, command, room, request).fault, Fault::kValue);
  std::array<char, 16> small;
  TextRoom tight(small);
  command.service = {};
  EXPECT_EQ(ctwing::WriteCreateCommand({}, 0, command, tight, request).fault, Fault::kBuffer);
}

TEST(CtwingTest, QueryParametersAreSignedInOrder) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  ApiRequest request;
  ASSERT_TRUE(ctwing::WriteQueryCommand({"a", "s", "m"}, 1, 1001, "d 1", 77, room, request).ok());
  EXPECT_EQ(request.target,
            "/aep_device_command/command?commandId=77&productId=1001&deviceId=d%201");
  TextRoom again(memory);
  const Header parameters[] = {{"productId", "1001"}, {"deviceId", "d 1"}, {"commandId", "77"}};
  const std::string_view text = ctwing::Sign({"a", "s", "m"}, 1, parameters, {}, again).text;
  EXPECT_EQ(
      text,
      "application:a\ntimestamp:1\nMasterKey:m\ncommandId:77\ndeviceId:d 1\nproductId:1001\n");
}

TEST(OnenetTest, VerificationUndoesTheBlankThatWasAPlus) {
  EXPECT_TRUE(onenet::IsVerified("token123", "hello123", "abcdefgh", "2v6n9ss2v6N9i2HJ8MZHBQ=="));
  EXPECT_FALSE(onenet::IsVerified("token124", "hello123", "abcdefgh", "2v6n9ss2v6N9i2HJ8MZHBQ=="));
  EXPECT_FALSE(onenet::IsVerified("token123", "hello123", "abcdefgh", ""));
  for (int i = 0; i < 50; ++i) {
    const std::string msg = "m" + std::to_string(i);
    std::string signature(onenet::SignatureOf("t", "n", msg).view());
    for (char& c : signature) {
      if (c == '+') c = ' ';
    }
    EXPECT_TRUE(onenet::IsVerified("t", msg, "n", signature));
  }
}

TEST(OnenetTest, TamperedPushIsRefusedBeforeItIsRead) {
  onenet::Opener opener;
  onenet::Envelope envelope;
  const std::string_view body =
      R"({"msg":"{\"total\":2}","nonce":"abcdefgh","signature":"h9Mds1RIFv5kHC0Spn7LDg==",)"
      R"("time":1591340648197,"id":"3799902"})";
  EXPECT_EQ(opener.Open(body, {"token123", ""}, envelope).fault, Fault::kChecksum);
  EXPECT_TRUE(envelope.msg.empty());
  EXPECT_TRUE(opener.Open(body, {}, envelope).ok());
  EXPECT_FALSE(envelope.signature_checked);
  EXPECT_EQ(envelope.id, "3799902");
}

TEST(OnenetTest, AListIsReadOneByOne) {
  PushReader reader;
  PlatformMessage message;
  const std::string_view list =
      R"([{"type":2,"dev_id":1,"status":1,"at":5},7,{"type":2,"dev_id":2,"status":0,"at":6}])";
  ASSERT_TRUE(reader.ReadOnenet(list, "", kAbsent, message, 0).ok());
  EXPECT_EQ(message.device_id, "1");
  EXPECT_TRUE(message.more_messages);
  EXPECT_EQ(reader.ReadOnenet(list, "", kAbsent, message, 1).fault, Fault::kLayout);
  EXPECT_TRUE(message.more_messages);
  ASSERT_TRUE(reader.ReadOnenet(list, "", kAbsent, message, 2).ok());
  EXPECT_EQ(message.kind, Kind::kOffline);
  EXPECT_FALSE(message.more_messages);
  EXPECT_EQ(reader.ReadOnenet(list, "", kAbsent, message, 3).fault, Fault::kLayout);
  EXPECT_FALSE(message.more_messages);
  EXPECT_EQ(reader.ReadOnenet("[]", "", kAbsent, message).fault, Fault::kLayout);
}

TEST(OnenetTest, SecureMessagesOfBothPlatformsAreOpened) {
  // AES-128-CBC of {"a":1} under the key 0123456789abcdef with the key as vector, by openssl.
  onenet::Opener opener;
  onenet::Envelope envelope;
  const std::string_view body =
      R"({"msg":"gdHWPMdZHkQXogGjWub2Aw==","nonce":"n","signature":"","time":1,"id":"1"})";
  EXPECT_EQ(opener.Open(body, {}, envelope).fault, Fault::kEncrypted);
  EXPECT_EQ(opener.Open(body, {"", "0123456789abcdeX"}, envelope).fault, Fault::kKey);
  ASSERT_TRUE(opener.Open(body, {"", "0123456789abcdef"}, envelope).ok());
  EXPECT_EQ(envelope.msg, "{\"a\":1}");
  EXPECT_TRUE(envelope.encrypted);
  // AES-256-CBC, EncodingAESKey of 32 bytes 00 01 … 1F: 16 bytes, length 7, {"a":1}, padding.
  const std::string_view old =
      R"({"enc_msg":"EdGIpVZJHt0aQeBtmQd5hVOH0P12Ag3anE7ze8S4XaM=","nonce":"n","msg_signature":""})";
  ASSERT_TRUE(opener.Open(old, {"", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}, envelope).ok());
  EXPECT_EQ(envelope.msg, "{\"a\":1}");
  EXPECT_TRUE(envelope.old_platform);
}

TEST(OnenetTest, TokenIsUrlEncoded) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  std::string_view token;
  ASSERT_TRUE(onenet::WriteToken("products/123123", 1537255523, onenet::TokenMethod::kSha1,
                                 "KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=", room, token)
                  .ok());
  EXPECT_EQ(token,
            "version=2018-10-31&res=products%2F123123&et=1537255523&method=sha1&sign="
            "lsaPSiiGvEFFjXu5WU7a6IkScqE%3D");
  EXPECT_EQ(onenet::WriteToken("x", 1, onenet::TokenMethod::kMd5, "*", room, token).fault,
            Fault::kValue);
}

TEST(OnenetTest, DownlinkOfNarrowBandIsHex) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  const std::byte value[] = {std::byte{0xAA}, std::byte{0xF1}};
  ApiRequest request;
  ASSERT_TRUE(onenet::WriteNbWrite(
                  "t", {"862592051651472", 3308, 0, 5900, true, "2026-01-01T00:00:00", value}, room,
                  request)
                  .ok());
  EXPECT_EQ(request.target,
            "/nbiot/offline?imei=862592051651472&obj_id=3308&obj_inst_id=0&mode=1&expired_time="
            "2026-01-01T00%3A00%3A00");
  EXPECT_EQ(request.body, R"({"data":[{"res_id":5900,"type":1,"val":"aaf1"}]})");
}

TEST(HuaweiTest, ServiceTimeWinsOverTheEnvelope) {
  PushReader reader;
  PlatformMessage seen;
  ASSERT_TRUE(
      reader
          .ReadHuawei(
              R"({"resource":"device.property","event":"report","event_time":"20151212T121212Z",)"
              R"("notify_data":{"header":{"device_id":"d","node_id":"862592051651472"},"body":)"
              R"({"services":[{"service_id":"W","properties":{"total":12.5,"on":true,"x":null},)"
              R"("event_time":"20151212T121213Z"}]}}})",
              seen)
          .ok());
  EXPECT_EQ(seen.kind, Kind::kProperty);
  EXPECT_EQ(seen.imei, "862592051651472");
  EXPECT_EQ(seen.time_ms, 1449922333000);
  ASSERT_EQ(seen.properties.size(), 3u);
  EXPECT_EQ(seen.properties[0].raw, 125);
  EXPECT_EQ(seen.properties[0].exponent, -1);
  EXPECT_EQ(seen.properties[1].type, Property::Type::kBool);
  EXPECT_EQ(seen.properties[2].type, Property::Type::kOther);
}

TEST(HuaweiTest, CommandsAreWrittenForSleepingAndForAwakeDevices) {
  std::array<char, kRequestRoom> memory;
  TextRoom room(memory);
  const Parameter paras[] = {{"value", Parameter::Type::kText, "ON"}};
  huawei::Command command{"p1", "d1", "WaterMeter", "ON_OFF", paras};
  ApiRequest request;
  ASSERT_TRUE(huawei::WriteAsyncCommand("t", command, room, request).ok());
  EXPECT_EQ(request.target, "/v5/iot/p1/devices/d1/async-commands");
  EXPECT_EQ(request.body,
            R"({"service_id":"WaterMeter","command_name":"ON_OFF","paras":{"value":"ON"},)"
            R"("send_strategy":"delay"})");
  ASSERT_TRUE(oceanconnect::WriteCommand("app", "t", command, "", room, request).ok());
  EXPECT_EQ(request.body,
            R"({"deviceId":"d1","command":{"serviceId":"WaterMeter","method":"ON_OFF","paras":)"
            R"({"value":"ON"}}})");
  command.name = {};
  EXPECT_EQ(huawei::WriteCommand("t", command, room, request).fault, Fault::kValue);
  EXPECT_EQ(huawei::CommandStateOf("SUCCESSFUL"), huawei::CommandState::kSuccessful);
}

TEST(RawMemberTest, TextIsTheSendersOwn) {
  const std::string_view object = R"( { "a" : "x}\"" , "msg" : { "b":[1, "]"] } ,"n":1.50})";
  EXPECT_EQ(RawMember(object, "msg"), R"({ "b":[1, "]"] })");
  EXPECT_EQ(RawMember(object, "a"), R"("x}\"")");
  EXPECT_EQ(RawMember(object, "n"), "1.50");
  EXPECT_EQ(RawMember(object, "b"), "");
  EXPECT_EQ(RawMember("{}", "b"), "");
}

TEST(DecimalTest, NumbersAreTheShortestDecimals) {
  const auto pair = [](double number) {
    const auto decimal = ToDecimal(number);
    return std::pair<int64_t, int>(decimal->raw, decimal->exponent);
  };
  EXPECT_EQ(pair(13.609), std::pair(int64_t{13609}, -3));
  EXPECT_EQ(pair(1200), std::pair(int64_t{1200}, 0));
  EXPECT_EQ(pair(-0.05), std::pair(int64_t{-5}, -2));
  EXPECT_EQ(pair(0), std::pair(int64_t{0}, 0));
  EXPECT_EQ(ToDecimal(13.609f)->raw, 13609);
  EXPECT_FALSE(ToDecimal(1e300));
  EXPECT_FALSE(ToDecimal(std::numeric_limits<double>::infinity()));
}

TEST(PlatformTimeTest, BothSpellingsAreRead) {
  EXPECT_EQ(ReadTime("20151212T121212Z"), 1449922332000);
  EXPECT_EQ(ReadTime("2015-12-12T12:12:12.345Z"), 1449922332345);
  EXPECT_EQ(ReadTime("2015-12-12 12:12:12"), 1449922332000);
  for (const char* bad : {"", "20151312T121212Z", "20151212T12121Z", "20151212T121212Zx"}) {
    EXPECT_FALSE(ReadTime(bad)) << bad;
  }
}

}  // namespace
}  // namespace karez::protocols::platforms
