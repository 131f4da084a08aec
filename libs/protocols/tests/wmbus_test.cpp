#include <array>
#include <random>

#include <gtest/gtest.h>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/mbus/message.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"
#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols::wmbus {
namespace {

crypto::Key128 KeyOf(const char* hex) {
  crypto::Key128 key{};
  const auto bytes = FromHex(hex);
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

mbus::Identity RandomIdentity(std::mt19937_64& random) {
  return {static_cast<uint32_t>(random()), static_cast<uint16_t>(random() & 0x7FFF),
          static_cast<uint8_t>(random()), static_cast<uint8_t>(random())};
}

// Any telegram that this codec can write, with its body in `body`.
Outgoing RandomTelegram(std::mt19937_64& random, std::span<std::byte> body) {
  Outgoing out;
  out.format = static_cast<Format>(random() % 3);
  out.control = random() % 2 == 0 ? kSndNr : kSndIr;
  out.sender = RandomIdentity(random);
  if (random() % 2 == 0) {
    ExtendedLink layer;
    layer.ci = static_cast<uint8_t>(0x8C + random() % 4);
    layer.communication = static_cast<uint8_t>(random());
    layer.access = static_cast<uint8_t>(random());
    if (layer.ci >= 0x8E) layer.second_address = RandomIdentity(random);
    layer.has_session = layer.ci == 0x8D || layer.ci == 0x8F;
    if (layer.has_session) {
      layer.session = static_cast<uint32_t>(random()) & 0x1FFFFFFF;
      if (random() % 2 == 0) layer.session |= 0x20000000;
    }
    out.extended = layer;
  }
  constexpr uint8_t kCis[] = {0x72, 0x7A, 0x78};
  out.transport.ci = kCis[random() % 3];
  out.transport.header = out.transport.ci == 0x72   ? mbus::HeaderKind::kLong
                         : out.transport.ci == 0x7A ? mbus::HeaderKind::kShort
                                                    : mbus::HeaderKind::kNone;
  out.transport.identity = RandomIdentity(random);
  out.transport.access = static_cast<uint8_t>(random());
  out.transport.status = static_cast<uint8_t>(random());
  size_t size = random() % 130;
  for (std::byte& b : body) b = static_cast<std::byte>(random());
  if (out.transport.header != mbus::HeaderKind::kNone && random() % 2 == 0) {
    const size_t blocks = 1 + random() % 8;
    size = 16 * blocks + random() % 8;
    body[0] = body[1] = std::byte{0x2F};
    const unsigned mode = random() % 2 == 0 ? mbus::kModeCbc : mbus::kModeCbcDerived;
    if (mode == mbus::kModeCbcDerived) out.message_counter = static_cast<uint32_t>(random());
    out.transport.configuration = static_cast<uint16_t>(mode << 8 | blocks << 4);
    out.transport.configuration_extension = 0x10;
  }
  out.transport.body = Bytes(body).first(size);
  return out;
}

TEST(WmbusTest, EveryTelegramComesBackFromTheAir) {
  std::mt19937_64 random(4);
  crypto::Aes128 key(KeyOf("000102030405060708090A0B0C0D0E0F"));
  std::array<std::byte, 160> body;
  std::array<std::byte, kMaxFrame> air;
  Telegram read;
  int by_chance = 0;
  const int rounds = Rounds(20'000);
  for (int round = 0; round < rounds; ++round) {
    const Outgoing sent = RandomTelegram(random, body);
    const Written written = WriteTelegram(sent, &key, air);
    ASSERT_TRUE(written.error.ok()) << Name(written.error.fault);
    const Error error = ParseTelegram(Bytes(air).first(written.size), {&key}, read);
    ASSERT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
    if (sent.format == Format::kBare && read.link.format == Format::kB) {  // of a plain body
      ++by_chance;
      continue;
    }
    ASSERT_EQ(read.link.format, sent.format);
    ASSERT_EQ(read.link.sender, sent.sender);
    ASSERT_EQ(read.transport.status * (sent.transport.ci == 0x78 ? 0 : 1),
              sent.transport.status * (sent.transport.ci == 0x78 ? 0 : 1));
    ASSERT_EQ(read.authentication && read.authentication->verified,
              sent.message_counter.has_value());
    ASSERT_TRUE(std::equal(read.body.begin(), read.body.end(), sent.transport.body.begin(),
                           sent.transport.body.end()));
  }
  EXPECT_LE(by_chance, 1 + rounds / 65'536);
}

TEST(WmbusTest, WrongKeyAndBrokenBytesAreRefused) {
  std::mt19937_64 random(5);
  crypto::Aes128 key(KeyOf("000102030405060708090A0B0C0D0E0F"));
  crypto::Aes128 other(KeyOf("00000000000000000000000000000000"));
  std::array<std::byte, 160> body;
  std::array<std::byte, kMaxFrame> air;
  Telegram read;
  int refused = 0;
  int protected_ones = 0;
  for (int round = 0; round < 2000; ++round) {
    Outgoing sent = RandomTelegram(random, body);
    const bool encrypted =
        sent.transport.mode() != 0 || (sent.extended && sent.extended->encrypted());
    const Written written = WriteTelegram(sent, &key, air);
    ASSERT_TRUE(written.error.ok());
    const Bytes bytes = Bytes(air).first(written.size);
    if (encrypted) {
      ++protected_ones;
      ASSERT_EQ(ParseTelegram(bytes, {}, read).fault, Fault::kEncrypted);
      refused += ParseTelegram(bytes, {&other}, read).fault == Fault::kKey ? 1 : 0;
    }
    if (sent.format != Format::kA) continue;
    air[random() % written.size] ^= std::byte{0x10};
    ASSERT_FALSE(ParseTelegram(bytes, {&key}, read).ok());
  }
  EXPECT_GE(refused, protected_ones - 1);  // two bytes are right by chance once in 65536
}

TEST(WmbusTest, FramesOfFormatAAreFoundInNoise) {
  std::mt19937_64 random(6);
  crypto::Aes128 key(KeyOf("000102030405060708090A0B0C0D0E0F"));
  std::array<std::byte, 160> body;
  std::array<std::byte, kMaxFrame> air;
  Framer<Probe> framer;
  size_t found = 0;
  constexpr size_t kFrames = 1000;
  for (size_t i = 0; i < kFrames; ++i) {
    Outgoing sent = RandomTelegram(random, body);
    sent.format = Format::kA;
    const Written written = WriteTelegram(sent, &key, air);
    std::vector<std::byte> bytes(random() % 300);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    bytes.insert(bytes.end(), air.begin(), air.begin() + static_cast<ptrdiff_t>(written.size));
    for (Bytes rest = bytes; !rest.empty();) {
      rest = rest.subspan(framer.Push(rest));
      while (framer.Next()) ++found;
    }
  }
  framer.Flush();
  while (framer.Next()) ++found;
  EXPECT_GE(found * 1000, kFrames * 999);
}

TEST(WmbusTest, CompactFrameGivesWhatTheFullOneGave) {
  const mbus::CompactFormat format{0xA8ED, FromHex("02 FF 20 04 13 44 13 61 5B 61 67")};
  ASSERT_EQ(format.signature, Crc(format.heads));
  const std::span formats(&format, 1);
  const auto body = FromHex("ED A8 6A B6 71 00 08 19 00 00 08 19 00 00 7F 13");
  std::array<std::byte, kMaxTelegram> out;
  std::array<uint8_t, kMaxTelegram> positions;
  size_t size = 0;
  ASSERT_TRUE(ExpandCompact(body, formats, out, positions, size).ok());
  const auto full = FromHex("02 FF 20 71 00 04 13 08 19 00 00 44 13 08 19 00 00 61 5B 7F 61 67 13");
  EXPECT_TRUE(std::equal(full.begin(), full.end(), out.begin(), out.begin() + 23));
  auto broken = body;
  broken[6] ^= std::byte{1};
  EXPECT_EQ(ExpandCompact(broken, formats, out, positions, size).fault, Fault::kChecksum);
  broken.pop_back();
  EXPECT_EQ(ExpandCompact(broken, formats, out, positions, size).fault, Fault::kLayout);
  EXPECT_EQ(ExpandCompact(body, {}, out, positions, size).fault, Fault::kIdentifier);
}

TEST(WmbusTest, TelegramBecomesAnObservation) {
  crypto::Aes128 key(KeyOf("BEDB81B52C29B5C143388CBB0D15A051"));
  Telegram telegram;
  ASSERT_TRUE(ParseTelegram(FromHex("3944FA122162092002067A3600202567C94D48D00DC47B11213E23383DB51"
                                    "968A705AAFA60C60E263D50CD259D7C9A03FD0C08000002FD0B0011"),
                            {&key}, telegram)
                  .ok());
  Observation seen;
  ASSERT_TRUE(Observe(telegram, seen).ok());
  EXPECT_EQ(seen.device_id.view(), "DWZ20096221");
  EXPECT_EQ(seen.Find(Quantity::kVolume)->raw, 106);
  EXPECT_EQ(seen.Find(Quantity::kReverseVolume)->raw, 0);
  EXPECT_EQ(seen.time_quality, TimeQuality::kStated);
}

TEST(WmbusTest, FragmentsOfAMessageAreToldApart) {
  struct Case {
    uint8_t number;
    uint8_t high;  // of FCL
    bool whole;
  };
  constexpr Case kCases[] = {
      {0, 0x00, true}, {1, 0x00, true}, {1, 0x40, false}, {2, 0x40, false}, {3, 0x00, false}};
  for (const Case& item : kCases) {
    auto bytes = FromHex("14 44 34 12 78 56 34 12 01 07 90 02 00 00 78 04 13 01 00 00 00");
    bytes[12] = std::byte{item.number};
    bytes[13] = std::byte{item.high};
    Telegram telegram;
    const Error error = ParseTelegram(bytes, {}, telegram);
    EXPECT_EQ(error.fault, item.whole ? Fault::kNone : Fault::kNotSupported) << int{item.number};
    ASSERT_TRUE(telegram.authentication.has_value());
    EXPECT_EQ(telegram.authentication->fragment_number(), item.number);
    EXPECT_EQ(telegram.authentication->more_fragments(), item.high != 0);
  }
}

TEST(WmbusTest, BytesThatAReceiverAddsAreNoPartOfTheTelegram) {
  const std::string telegram = "1844AE4C4455223368077A55000000041389E20100023B0000";
  Question question{.protocol = "wmbus", .content = telegram + "B7"};
  const Json found = Explain(question).json;
  EXPECT_EQ(found.at("valid"), true);
  EXPECT_EQ(found.at("trailer"), "B7");
  EXPECT_EQ(found.at("bytes"), 25);
  EXPECT_EQ(found.at("volume_m3"), "123.529");
  question.content = telegram + "0102030405";
  EXPECT_EQ(Explain(question).json.at("valid"), false);
}

}  // namespace
}  // namespace karez::protocols::wmbus
