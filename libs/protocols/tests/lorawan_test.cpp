// LoRaWAN frames both ways, joining, and the counter that must not go back.
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/lorawan/mac.h"
#include "libs/protocols/lorawan/phy.h"
#include "libs/protocols/lorawan/security.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::lorawan {
namespace {

Key128 KeyOf(std::string_view text) {
  Key128 key{};
  const std::vector<std::byte> bytes = FromHex(text);
  EXPECT_EQ(bytes.size(), key.size());
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

Session HelloSession() {
  return Session(0x49BE7DF1, {KeyOf("44024241ed4ce9a68c6a8bc055233fd3"),
                              KeyOf("ec925802ae430ca77fd3dd73cb2cc588")});
}

TEST(LorawanTest, AnUplinkIsOpenedAndSealedAgain) {
  Session session = HelloSession();
  const std::vector<std::byte> phy = FromHex("40F17DBE4900020001954378762B11FF0D");
  std::array<std::byte, kMaxPhy> plain;
  Session::Opened opened;
  ASSERT_TRUE(session.Open(phy, 1, plain, opened).ok());
  EXPECT_EQ(opened.counter, 2u);
  EXPECT_EQ(opened.frame.port, 1);
  EXPECT_EQ(Text(opened.payload), "test");

  Data frame = opened.frame;
  frame.payload = opened.payload;
  std::array<std::byte, kMaxPhy> again;
  const Written written = session.Seal(frame, 2, again);
  ASSERT_TRUE(written.error.ok());
  EXPECT_EQ(CompactHex(Bytes(again).first(written.size)), CompactHex(phy));
}

TEST(LorawanTest, AFrameIsRefusedByWhatIsWrongWithIt) {
  Session session = HelloSession();
  std::vector<std::byte> phy = FromHex("40F17DBE4900020001954378762B11FF0D");
  std::array<std::byte, kMaxPhy> plain;
  Session::Opened opened;
  EXPECT_EQ(session.Open(phy, 2, plain, opened).fault, Fault::kReplay);
  EXPECT_EQ(session.Open(phy, 70, plain, opened).fault, Fault::kReplay);
  EXPECT_EQ(session.Open(phy, 65538, plain, opened).fault, Fault::kChecksum);
  EXPECT_EQ(session.Open(phy, std::nullopt, std::span(plain).first(3), opened).fault,
            Fault::kBuffer);
  phy[10] ^= std::byte{1};
  EXPECT_EQ(session.Open(phy, std::nullopt, plain, opened).fault, Fault::kChecksum);
  phy[1] ^= std::byte{1};
  EXPECT_EQ(session.Open(phy, std::nullopt, plain, opened).fault, Fault::kIdentifier);
}

TEST(LorawanTest, AProprietaryFrameIsNoDataHoweverShort) {
  Data data;
  EXPECT_EQ(ParseData(FromHex("E005060708090A01020304"), data).fault, Fault::kControl);
  EXPECT_EQ(data.type, MType::kProprietary);
}

TEST(LorawanTest, TheCounterGoesUpAndRollsOver) {
  EXPECT_EQ(FullCounter(std::nullopt, 7), 7u);
  EXPECT_EQ(FullCounter(7, 8), 8u);
  EXPECT_EQ(FullCounter(7, 7), 0x10007u);
  EXPECT_EQ(FullCounter(0xFFFF, 0), 0x10000u);
  EXPECT_EQ(FullCounter(0x1FFFE, 0xFFFF), 0x1FFFFu);
  EXPECT_EQ(FullCounter(0xFFFFFFFF, 5), std::nullopt);
  EXPECT_EQ(FullCounter(0xFFFF0000, 1), 0xFFFF0001u);

  Session session = HelloSession();
  Data frame;
  frame.port = 2;
  std::array<std::byte, kMaxPhy> phy;
  std::array<std::byte, kMaxPhy> plain;
  const Written written = session.Seal(frame, 0x10000, phy);
  ASSERT_TRUE(written.error.ok());
  Session::Opened opened;
  ASSERT_TRUE(session.Open(Bytes(phy).first(written.size), 0xFFF0, plain, opened).ok());
  EXPECT_EQ(opened.counter, 0x10000u);
}

TEST(LorawanTest, JoiningGivesBothSidesTheSameKeys) {
  Aes128 app_key(KeyOf("98929b92c49edba9676d646d3b612456"));
  const std::vector<std::byte> sent = FromHex("0039363463336913AA05693574323831330489C65B1304");
  JoinRequest request;
  ASSERT_TRUE(OpenJoinRequest(app_key, sent, request).ok());
  EXPECT_EQ(request.join_eui, 0xAA13693363343639u);
  EXPECT_EQ(request.dev_eui, 0x3331383274356905u);
  EXPECT_EQ(request.dev_nonce, 0x8904);
  std::array<std::byte, kMaxPhy> phy;
  Written written = SealJoinRequest(app_key, request, phy);
  EXPECT_EQ(CompactHex(Bytes(phy).first(written.size)), CompactHex(sent));

  JoinAccept accept{.app_nonce = 0x376338, .net_id = 0xAABBCC, .dev_addr = 0x01020304};
  accept.channels.emplace();
  accept.channels->fill(std::byte{0x11});
  written = SealJoinAccept(app_key, accept, phy);
  ASSERT_TRUE(written.error.ok());
  ASSERT_EQ(written.size, kJoinAcceptSize + kChannelListSize);
  std::array<std::byte, kMaxPhy> plain;
  JoinAccept read;
  ASSERT_TRUE(OpenJoinAccept(app_key, Bytes(phy).first(written.size), plain, read).ok());
  EXPECT_EQ(read.app_nonce, accept.app_nonce);
  EXPECT_EQ(read.channels, accept.channels);
  const SessionKeys keys = DeriveSessionKeys(app_key, read.app_nonce, read.net_id, 0xF18E);
  EXPECT_EQ(CompactHex(keys.nwk_s_key), "4e3d6e6afbcc67af2ba3c8e8ec4acf4b");
  EXPECT_EQ(CompactHex(keys.app_s_key), "610897aa6f1460623443b527d3ac6a9d");

  phy[5] ^= std::byte{1};
  EXPECT_EQ(OpenJoinAccept(app_key, Bytes(phy).first(written.size), plain, read).fault,
            Fault::kChecksum);
}

TEST(LorawanTest, WhatTheWireCannotCarryIsNotWritten) {
  std::array<std::byte, 300> out;
  const std::array<std::byte, 256> many{};
  const auto fault = [&](const Data& data) { return WriteData(data, out).error.fault; };
  Data data;
  data.options = Bytes(many).first(16);
  EXPECT_EQ(fault(data), Fault::kValue);
  data.options = Bytes(many).first(1);
  data.port = 0;
  EXPECT_EQ(fault(data), Fault::kValue);
  data = {};
  data.payload = Bytes(many).first(1);
  EXPECT_EQ(fault(data), Fault::kValue);
  data.port = 1;
  data.payload = Bytes(many).first(243);
  EXPECT_EQ(fault(data), Fault::kValue);
  data.payload = Bytes(many).first(242);
  EXPECT_EQ(fault(data), Fault::kNone);
  data.flags = 0x01;
  EXPECT_EQ(fault(data), Fault::kValue);
  data = {};
  data.type = MType::kProprietary;
  EXPECT_EQ(fault(data), Fault::kValue);
  EXPECT_EQ(WriteData({}, std::span(out).first(11)).error.fault, Fault::kBuffer);
  EXPECT_EQ(WriteJoinAccept({.app_nonce = 0x1000000}, out).error.fault, Fault::kValue);
  EXPECT_EQ(WriteJoinAccept({.net_id = 0x1000000}, out).error.fault, Fault::kValue);
}

TEST(LorawanTest, RandomFramesComeBack) {
  std::mt19937_64 random(4);
  std::array<std::byte, kMaxPhy> bytes;
  for (std::byte& b : bytes) b = static_cast<std::byte>(random());
  std::array<std::byte, kMaxPhy> phy;
  std::array<std::byte, kMaxPhy> plain;
  std::array<std::byte, kMaxPhy> again;
  const int rounds = Rounds(30000);
  for (int i = 0; i < rounds; ++i) {
    Session session(static_cast<uint32_t>(random()), {});
    Data frame;
    frame.type = static_cast<MType>(2 + random() % 4);
    frame.flags = static_cast<uint8_t>(random() & 0xF0);
    if (random() % 4 != 0) {
      frame.port = static_cast<uint8_t>(random());
      frame.payload = Bytes(bytes).subspan(random() % 16, random() % 200);
    }
    if (frame.port != 0) frame.options = Bytes(bytes).first(random() % 16);
    const auto counter = static_cast<uint32_t>(random());
    const Written written = session.Seal(frame, counter, phy);
    ASSERT_TRUE(written.error.ok());
    const Bytes sealed = Bytes(phy).first(written.size);
    Session::Opened opened;
    std::optional<uint32_t> last;
    if (counter > 0) last = counter - 1;
    ASSERT_TRUE(session.Open(sealed, last, plain, opened).ok());
    ASSERT_EQ(opened.counter, counter);
    ASSERT_EQ(opened.frame.type, frame.type);
    ASSERT_EQ(opened.frame.flags, frame.flags);
    ASSERT_EQ(opened.frame.port, frame.port);
    ASSERT_TRUE(std::equal(opened.payload.begin(), opened.payload.end(), frame.payload.begin(),
                           frame.payload.end()));
    const Written same = WriteData(opened.frame, again);
    ASSERT_TRUE(std::equal(sealed.begin(), sealed.end(), again.begin(),
                           again.begin() + static_cast<ptrdiff_t>(same.size)));
  }
}

TEST(MacCommandTest, AreSplitAndNamed) {
  const std::vector<std::byte> bytes = FromHex("020305");
  Bytes rest(bytes);
  MacCommand command;
  ASSERT_TRUE(NextMac(rest, Way::kUp, command).ok());
  EXPECT_EQ(command.spec->name, "LinkCheckReq");
  ASSERT_TRUE(NextMac(rest, Way::kUp, command).ok());
  EXPECT_EQ(command.spec->name, "LinkADRAns");
  EXPECT_EQ(command.Value(command.spec->fields[0]), 1);
  EXPECT_EQ(command.Value(command.spec->fields[1]), 0);
  EXPECT_EQ(command.Value(command.spec->fields[2]), 1);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(NextMac(rest, Way::kUp, command).fault, Fault::kShort);
  const std::vector<std::byte> unknown = FromHex("80");
  rest = unknown;
  EXPECT_EQ(NextMac(rest, Way::kUp, command).fault, Fault::kIdentifier);
  const std::vector<std::byte> half = FromHex("06FF");
  rest = half;
  EXPECT_EQ(NextMac(rest, Way::kUp, command).fault, Fault::kShort);
  EXPECT_EQ(rest.size(), 2u);
}

TEST(MacCommandTest, EveryCommandComesBackWithItsValues) {
  std::mt19937_64 random(5);
  for (int cid = 0; cid < 256; ++cid) {
    for (const Way way : {Way::kUp, Way::kDown}) {
      const MacSpec* spec = FindMac(static_cast<uint8_t>(cid), way);
      if (spec == nullptr) continue;
      std::vector<int64_t> values;
      for (const MacField& field : spec->fields) {
        const int64_t range = int64_t{1} << field.width;
        const auto value = static_cast<int64_t>(random() % static_cast<uint64_t>(range));
        values.push_back(field.is_signed ? value - range / 2 : value);
      }
      std::array<std::byte, 8> out;
      const Written written = WriteMac(*spec, values, out);
      ASSERT_TRUE(written.error.ok()) << spec->name;
      Bytes rest = Bytes(out).first(written.size);
      MacCommand command;
      ASSERT_TRUE(NextMac(rest, way, command).ok()) << spec->name;
      for (size_t i = 0; i < values.size(); ++i) {
        EXPECT_EQ(command.Value(spec->fields[i]), values[i]) << spec->fields[i].name;
      }
      if (values.empty()) continue;
      values[0] = int64_t{1} << 40;
      EXPECT_EQ(WriteMac(*spec, values, out).error.fault, Fault::kValue);
      values.pop_back();
      EXPECT_EQ(WriteMac(*spec, values, out).error.fault, Fault::kValue);
    }
  }
}

}  // namespace
}  // namespace karez::protocols::lorawan
