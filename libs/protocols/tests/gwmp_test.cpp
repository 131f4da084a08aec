// The gateways' UDP protocol: heads, frames received, frames to send, and the traps of its text.
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/gwmp/packet.h"
#include "libs/protocols/gwmp/radio.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::gwmp {
namespace {

constexpr std::string_view kReceived = R"({"rxpk":[{"tmst":708016819,"freq":868.500000,"chan":2,)"
                                       R"("rfch":1,"stat":1,"modu":"LORA","datr":"SF7BW125",)"
                                       R"("codr":"4/5","lsnr":7.0,"rssi":-51,"size":16,)"
                                       R"("data":"QAEBAQGAAAABVfdjR6YrSw=="}]})";

TEST(GwmpPacketTest, IsReadWrittenAndAnswered) {
  const std::vector<std::byte> bytes = FromHex("027B000001020304050607087B7D");
  Packet packet;
  ASSERT_TRUE(ParsePacket(bytes, packet).ok());
  EXPECT_EQ(packet.type, Type::kPushData);
  EXPECT_EQ(packet.json, "{}");
  std::array<std::byte, 64> out;
  Written written = WritePacket(packet, out);
  EXPECT_EQ(CompactHex(Bytes(out).first(written.size)), CompactHex(bytes));

  Packet answer;
  ASSERT_TRUE(AnswerTo(packet, answer));
  written = WritePacket(answer, out);
  EXPECT_EQ(CompactHex(Bytes(out).first(written.size)), "027b0001");
  EXPECT_FALSE(AnswerTo(answer, packet));
}

TEST(GwmpPacketTest, RefusesWhatIsNoPacket) {
  Packet packet;
  const auto fault = [&](std::string_view hex) { return ParsePacket(FromHex(hex), packet).fault; };
  EXPECT_EQ(fault("037B0001"), Fault::kVersion);
  EXPECT_EQ(fault("027B00"), Fault::kShort);
  EXPECT_EQ(fault("027B0006"), Fault::kControl);
  EXPECT_EQ(fault("027B000201020304050607"), Fault::kShort);
  EXPECT_EQ(fault("027B00017B7D"), Fault::kLength);
  std::array<std::byte, 3> small;
  packet = {.type = Type::kPullAck};
  EXPECT_EQ(WritePacket(packet, small).error.fault, Fault::kBuffer);
  packet.json = "{}";
  EXPECT_EQ(WritePacket(packet, small).error.fault, Fault::kValue);
}

TEST(GwmpRadioTest, AnUplinkIsReadExactly) {
  json::Parser parser;
  PushData push;
  ASSERT_TRUE(ReadPushData(parser, kReceived, push).ok());
  ASSERT_EQ(push.uplinks.size(), 1u);
  const Uplink& uplink = push.uplinks[0];
  EXPECT_EQ(uplink.timestamp_us, 708016819u);
  EXPECT_EQ(uplink.frequency_hz, 868500000u);
  EXPECT_EQ(uplink.data_rate, (DataRate{.spreading_factor = 7, .bandwidth_khz = 125}));
  EXPECT_EQ(uplink.rssi_dbm, -51);
  EXPECT_EQ(uplink.snr_db, 7.0);
  EXPECT_TRUE(uplink.usable());
  EXPECT_EQ(CompactHex(Bytes(uplink.data.begin(), uplink.data.size())),
            "400101010180000001"
            "55f76347a62b4b");
}

TEST(GwmpRadioTest, TheProtocolsOwnExamplesAreRead) {
  // PROTOCOL.TXT: three uplinks, alphabets mixed, no padding, no stat, FSK with a numeric rate.
  const std::string_view text =
      R"({"rxpk":[{"time":"2013-03-31T16:21:17.528002Z","tmst":3512348611,"chan":2,"rfch":0,)"
      R"("freq":866.349812,"stat":1,"modu":"LORA","datr":"SF7BW125","codr":"4/6","rssi":-35,)"
      R"("lsnr":5.1,"size":32,"data":"-DS4CGaDCdG+48eJNM3Vai-zDpsR71Pn9CPA9uCON84"},)"
      R"({"time":"2013-03-31T16:21:17.530974Z","tmst":3512348514,"chan":9,"rfch":1,)"
      R"("freq":869.1,"stat":1,"modu":"FSK","datr":50000,"rssi":-75,"size":16,)"
      R"("data":"VEVTVF9QQUNLRVRfMTIzNA=="},)"
      R"({"time":"","tmst":3316387610,"chan":0,"rfch":0,"freq":863.00981,"stat":-1,)"
      R"("modu":"LORA","datr":"SF10BW125","codr":"4/7","rssi":-38,"lsnr":5.5,"size":32,)"
      R"("data":"ysgRl452xNLep9S1NTIg2lomKDxUgn3DJ7DE+b00Ass"}]})";
  json::Parser parser;
  PushData push;
  ASSERT_TRUE(ReadPushData(parser, text, push).ok());
  ASSERT_EQ(push.uplinks.size(), 3u);
  EXPECT_EQ(push.uplinks[0].frequency_hz, 866349812u);
  EXPECT_EQ(push.uplinks[1].modulation, Modulation::kFsk);
  EXPECT_EQ(push.uplinks[1].data_rate.bits_per_second, 50000u);
  EXPECT_TRUE(push.uplinks[2].time.empty());
  EXPECT_EQ(push.uplinks[2].crc, Crc::kBad);
  EXPECT_FALSE(push.uplinks[2].usable());
}

TEST(GwmpRadioTest, AFaultNamesItsMember) {
  json::Parser parser;
  PushData push;
  const auto fault = [&](std::string_view from, std::string_view to) {
    std::string text(kReceived);
    text.replace(text.find(from), from.size(), to);
    const FieldError error = ReadPushData(parser, text, push);
    EXPECT_EQ(error.fault, Fault::kField) << to;
    return error.field;
  };
  EXPECT_EQ(fault(R"("data":"QA)", R"("data":"!A)"), "rxpk.data");
  EXPECT_EQ(fault(R"("size":16)", R"("size":15)"), "rxpk.size");
  EXPECT_EQ(fault(R"("SF7BW125")", R"("SF4BW125")"), "rxpk.datr");
  EXPECT_EQ(fault(R"("LORA")", R"("MORA")"), "rxpk.modu");
  EXPECT_EQ(fault("868.500000", "-1"), "rxpk.freq");
  EXPECT_EQ(fault("708016819", "4294967296"), "rxpk.tmst");
  EXPECT_EQ(fault(R"("stat":1)", R"("stat":2)"), "rxpk.stat");
  EXPECT_EQ(ReadPushData(parser, "[", push).fault, Fault::kText);
  EXPECT_EQ(ReadPushData(parser, R"({"rxpk":1})", push).field, "rxpk");
}

TEST(GwmpRadioTest, StatusAndResultAreRead) {
  json::Parser parser;
  PushData push;
  ASSERT_TRUE(ReadPushData(parser,
                           R"({"stat":{"time":"2014-01-12 08:59:28 GMT","lati":46.24000,)"
                           R"("long":3.25230,"alti":145,"rxnb":2,"rxok":2,"rxfw":2,)"
                           R"("ackr":100.0,"dwnb":2,"txnb":2}})",
                           push)
                  .ok());
  ASSERT_TRUE(push.status);
  EXPECT_EQ(push.status->latitude, 46.24);
  EXPECT_EQ(push.status->acknowledged_percent, 100.0);
  EXPECT_EQ(push.status->sent, 2u);

  TxError result = TxError::kOther;
  ASSERT_TRUE(ReadTxAck(parser, "", result).ok());
  EXPECT_EQ(result, TxError::kNone);
  for (int i = 0; i < static_cast<int>(TxError::kOther); ++i) {
    std::array<char, 64> text;
    json::Writer writer(text);
    WriteTxAck(static_cast<TxError>(i), writer);
    ASSERT_TRUE(ReadTxAck(parser, writer.text(), result).ok());
    EXPECT_EQ(result, static_cast<TxError>(i));
  }
  ASSERT_TRUE(ReadTxAck(parser, R"({"txpk_ack":{"error":"NEW"}})", result).ok());
  EXPECT_EQ(result, TxError::kOther);
}

TEST(GwmpRadioTest, RandomUplinksAndDownlinksComeBack) {
  std::mt19937_64 random(6);
  json::Parser parser;
  std::array<char, 4096> buffer;
  const int rounds = Rounds(5000);
  for (int i = 0; i < rounds; ++i) {
    Uplink uplink;
    uplink.timestamp_us = static_cast<uint32_t>(random());
    uplink.frequency_hz = static_cast<uint32_t>(random() % 4000000000u);
    uplink.channel = static_cast<uint8_t>(random());
    uplink.crc = static_cast<Crc>(random() % 4);
    uplink.modulation = static_cast<Modulation>(random() % 2);
    uplink.data_rate.spreading_factor = static_cast<uint8_t>(5 + random() % 8);
    uplink.data_rate.bandwidth_khz = 125;
    uplink.code_rate = FixedText<8>("4/5");
    if (uplink.modulation == Modulation::kFsk) uplink.data_rate = {.bits_per_second = 50000};
    uplink.rssi_dbm = static_cast<int16_t>(random());
    for (size_t size = random() % 256; size > 0; --size) {
      uplink.data.push_back(static_cast<std::byte>(random()));
    }
    PushData push;
    push.uplinks.push_back(uplink);
    json::Writer writer(buffer);
    WritePushData(push, writer);
    PushData read;
    ASSERT_TRUE(ReadPushData(parser, writer.text(), read).ok()) << writer.text();
    const Uplink& same = read.uplinks[0];
    ASSERT_EQ(same.timestamp_us, uplink.timestamp_us);
    ASSERT_EQ(same.frequency_hz, uplink.frequency_hz);
    ASSERT_EQ(same.crc, uplink.crc);
    ASSERT_EQ(same.data_rate, uplink.data_rate);
    ASSERT_EQ(same.rssi_dbm, uplink.rssi_dbm);
    ASSERT_TRUE(
        std::equal(same.data.begin(), same.data.end(), uplink.data.begin(), uplink.data.end()));

    Downlink downlink;
    downlink.timestamp_us = uplink.timestamp_us;
    downlink.frequency_hz = uplink.frequency_hz;
    downlink.modulation = uplink.modulation;
    downlink.data_rate = uplink.data_rate;
    downlink.power_dbm = static_cast<int16_t>(random() % 30);
    downlink.inverted = downlink.modulation == Modulation::kLora;
    downlink.no_crc = random() % 2 == 0;
    downlink.data = uplink.data;
    json::Writer second(buffer);
    WriteDownlink(downlink, second);
    Downlink again;
    ASSERT_TRUE(ReadDownlink(parser, second.text(), again).ok());
    ASSERT_EQ(again.timestamp_us, downlink.timestamp_us);
    ASSERT_EQ(again.frequency_hz, downlink.frequency_hz);
    ASSERT_EQ(again.power_dbm, downlink.power_dbm);
    ASSERT_EQ(again.inverted, downlink.inverted);
    ASSERT_EQ(again.no_crc, downlink.no_crc);
    ASSERT_EQ(again.data.size(), downlink.data.size());
  }
}

}  // namespace
}  // namespace karez::protocols::gwmp
