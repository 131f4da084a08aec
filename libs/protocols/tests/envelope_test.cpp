#include "libs/protocols/envelope/envelope.h"

#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/envelope/transparent.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::envelope {
namespace {

using Buffer = std::array<std::byte, kMaxMessage>;

constexpr std::string_view kFrame =
    "68 10 17 00 00 00 00 00 90 81 16 1F 90 08 51 35 12 00 2C 00 00 12 00 2C 00 05 00 02 10 26 "
    "20 00 00 CC 16";

TerminalId Terminal() {
  TerminalId id;
  EXPECT_TRUE(TerminalId::Parse("860000000000017", id));
  return id;
}

std::string Text(const Buffer& buffer, const Written& written) {
  EXPECT_TRUE(written.error.ok()) << Name(written.error.fault);
  return Hex(Bytes(buffer).first(written.size));
}

// The session of docs/terminal-protocol.md, byte for byte. The bytes come from the Python
// implementation in tests/simulators/fleet/wire.py.
TEST(EnvelopeTest, WorkedExampleOfTheDocument) {
  Buffer out;
  const Message registration{Type::kRegister, Terminal(), 0, {}};
  EXPECT_EQ(Text(out, EncodeRegister(Terminal(), 0, {42, FixedText<32>("K1.0")}, out)),
            "4B 5A 01 01 08 60 00 00 00 00 00 17 00 00 00 00 00 08 00 00 00 2A 4B 31 2E 30 42 44");
  EXPECT_EQ(Text(out, EncodeAcknowledge(registration, Outcome::kAccepted, 1790870701, out)),
            "4B 5A 01 04 08 60 00 00 00 00 00 17 00 00 00 00 00 06 01 00 6A BE 84 AD 65 E9");
  const std::vector<std::byte> frame = FromHex(kFrame);
  const Message data{Type::kData, Terminal(), 42, frame};
  EXPECT_EQ(Text(out, Encode(data, out)), "4B 5A 01 03 08 60 00 00 00 00 00 17 00 00 00 2A 00 23 " +
                                              std::string(kFrame) + " BA 56");
  EXPECT_EQ(Text(out, EncodeAcknowledge(data, Outcome::kAccepted, 1790870702, out)),
            "4B 5A 01 04 08 60 00 00 00 00 00 17 00 00 00 2A 00 06 03 00 6A BE 84 AE 96 AE");
  const Message heartbeat{Type::kHeartbeat, Terminal(), 43, {}};
  EXPECT_EQ(Text(out, Encode(heartbeat, out)),
            "4B 5A 01 02 08 60 00 00 00 00 00 17 00 00 00 2B 00 00 AE DE");
  EXPECT_EQ(Text(out, EncodeAcknowledge(heartbeat, Outcome::kAccepted, 1790870762, out)),
            "4B 5A 01 04 08 60 00 00 00 00 00 17 00 00 00 2B 00 06 02 00 6A BE 84 EA 30 6D");
}

TEST(EnvelopeTest, CrcIsCcittFalse) {
  const std::string_view digits = "123456789";
  EXPECT_EQ(Crc16(std::as_bytes(std::span(digits))), 0x29B1);
}

TEST(EnvelopeTest, AnyMessageComesBack) {
  std::mt19937_64 random(41);
  std::array<std::byte, kMaxPayload> payload;
  const int rounds = Rounds(20000);
  for (int round = 0; round < rounds; ++round) {
    for (std::byte& b : payload) b = static_cast<std::byte>(random());
    Message sent{static_cast<Type>(1 + random() % 4),
                 {},
                 static_cast<uint32_t>(random()),
                 Bytes(payload).first(random() % (kMaxPayload + 1))};
    for (uint8_t& b : sent.terminal.wire) b = static_cast<uint8_t>(random());
    Buffer out;
    const Written written = Encode(sent, out);
    ASSERT_TRUE(written.error.ok());
    Message read;
    ASSERT_TRUE(Decode(Bytes(out).first(written.size), read).ok());
    ASSERT_EQ(read.type, sent.type);
    ASSERT_EQ(read.terminal, sent.terminal);
    ASSERT_EQ(read.sequence, sent.sequence);
    ASSERT_TRUE(std::equal(read.payload.begin(), read.payload.end(), sent.payload.begin(),
                           sent.payload.end()));
  }
}

TEST(EnvelopeTest, EachFaultIsNamed) {
  Buffer out;
  const std::vector<std::byte> frame = FromHex(kFrame);
  const Written written = Encode({Type::kData, Terminal(), 1, frame}, out);
  ASSERT_TRUE(written.error.ok());
  const auto fault = [&](size_t at, uint8_t value) {
    Buffer changed = out;
    changed[at] = std::byte{value};
    Message message;
    return Decode(Bytes(changed).first(written.size), message).fault;
  };
  EXPECT_EQ(fault(0, 0x4C), Fault::kStart);
  EXPECT_EQ(fault(2, 2), Fault::kVersion);
  EXPECT_EQ(fault(3, 0), Fault::kControl);
  EXPECT_EQ(fault(3, 5), Fault::kControl);
  EXPECT_EQ(fault(17, 0x22), Fault::kLength);
  EXPECT_EQ(fault(20, 0x45), Fault::kChecksum);
  Message message;
  EXPECT_EQ(Decode(Bytes(out).first(19), message).fault, Fault::kShort);
}

TEST(EnvelopeTest, PayloadBeyondTheLimitIsNotWritten) {
  const std::vector<std::byte> payload(kMaxPayload + 1);
  Buffer out;
  EXPECT_EQ(Encode({Type::kData, Terminal(), 1, payload}, out).error.fault, Fault::kValue);
  std::array<std::byte, 10> small;
  EXPECT_EQ(Encode({Type::kHeartbeat, Terminal(), 1, {}}, small).error.fault, Fault::kBuffer);
}

TEST(EnvelopeTest, AcknowledgementsAndRegistrationsAreReadBack) {
  Buffer out;
  const Message data{Type::kData, Terminal(), 9, {}};
  for (const Outcome outcome :
       {Outcome::kAccepted, Outcome::kUnknownTerminal, Outcome::kBusy, Outcome::kRefused}) {
    const Written written = EncodeAcknowledge(data, outcome, 7, out);
    Message message;
    ASSERT_TRUE(Decode(Bytes(out).first(written.size), message).ok());
    AcknowledgePayload payload;
    ASSERT_TRUE(DecodeAcknowledge(message.payload, payload).ok());
    EXPECT_EQ(payload.acknowledged, Type::kData);
    EXPECT_EQ(payload.outcome, outcome);
    EXPECT_EQ(payload.server_time_s, 7u);
  }
  RegisterPayload payload;
  EXPECT_EQ(DecodeRegister(FromHex("00 00 00"), payload).fault, Fault::kLayout);
  EXPECT_EQ(DecodeRegister(FromHex("00 00 00 01 0A"), payload).fault, Fault::kValue);
  AcknowledgePayload acknowledge;
  EXPECT_EQ(DecodeAcknowledge(FromHex("04 00 00 00 00 00"), acknowledge).fault, Fault::kValue);
  EXPECT_EQ(DecodeAcknowledge(FromHex("03 04 00 00 00 00"), acknowledge).fault, Fault::kValue);
}

TEST(EnvelopeTest, MessagesAreFoundInAStreamWithNoise) {
  Buffer out;
  const std::vector<std::byte> frame = FromHex(kFrame);
  std::vector<std::byte> stream = FromHex("4B 00 4B 5A");
  for (uint32_t sequence = 1; sequence <= 3; ++sequence) {
    const Written written = Encode({Type::kData, Terminal(), sequence, frame}, out);
    stream.insert(stream.end(), out.begin(), out.begin() + static_cast<ptrdiff_t>(written.size));
    stream.push_back(std::byte{0x5A});
  }
  MessageFramer framer;
  uint32_t messages = 0;
  for (const std::byte b : stream) {
    framer.Push(Bytes(&b, 1));
    while (const auto found = framer.Next()) {
      Message message;
      ASSERT_TRUE(Decode(found->frame, message).ok());
      EXPECT_EQ(message.sequence, ++messages);
    }
  }
  EXPECT_EQ(messages, 3u);
  framer.Flush();
  EXPECT_FALSE(framer.Next());
  EXPECT_EQ(framer.counts().garbage_bytes, 7u);
}

TEST(TerminalIdTest, IsUpToSixteenHexDigits) {
  TerminalId id;
  EXPECT_TRUE(TerminalId::Parse("ab", id));
  EXPECT_EQ(id.Text().view(), "00000000000000AB");
  for (const char* text : {"", "12345678901234567", "12G4", " 12"}) {
    EXPECT_FALSE(TerminalId::Parse(text, id)) << text;
  }
}

class TransparentTest : public testing::Test {
 protected:
  const TerminalProfile& Profile(std::string_view id) { return *catalogue_.FindTerminal(id); }

  // Items as words, read from `stream` byte by byte.
  std::vector<std::string> Read(TransparentStream& stream, const std::vector<std::byte>& bytes) {
    std::vector<std::string> items;
    const auto drain = [&] {
      while (const auto item = stream.Next()) {
        if (item->item == Item::kRegistration) {
          items.push_back("registration " + std::string(item->terminal.view()));
        } else {
          items.push_back(item->item == Item::kHeartbeat ? "heartbeat" : "frame");
        }
      }
    };
    for (const std::byte b : bytes) {
      EXPECT_EQ(stream.Push(Bytes(&b, 1)), 1u);
      drain();
    }
    stream.Flush();
    drain();
    return items;
  }

  static void ExpectAccounted(const TransparentCounts& counts, size_t bytes) {
    EXPECT_EQ(counts.bytes, bytes);
    EXPECT_EQ(counts.frame_bytes + counts.garbage_bytes + counts.envelope_bytes +
                  counts.unregistered_bytes,
              counts.bytes);
  }

  static std::vector<std::byte> Join(std::initializer_list<std::string_view> hexes) {
    std::string all;
    for (const std::string_view hex : hexes) all += std::string(hex) + " ";
    return FromHex(all);
  }

  ProfileCatalogue catalogue_ = ProfileCatalogue::BuiltIn();
};

constexpr std::string_view kRegistration =
    "52 45 47 3A 30 38 36 30 30 30 30 30 30 30 30 30 30 30 31 61 0D 0A";  // REG:086000000000001a

TEST_F(TransparentTest, StreamIsRegistrationThenFramesAndHeartbeats) {
  TransparentStream stream(Profile("dtu-reg-hb"));
  const auto bytes = Join({kRegistration, "FE FE", kFrame, "48 42 0D 0A", kFrame, "00"});
  EXPECT_EQ(Read(stream, bytes), (std::vector<std::string>{"registration 086000000000001A", "frame",
                                                           "heartbeat", "frame"}));
  ExpectAccounted(stream.counts(), bytes.size());
  EXPECT_EQ(stream.counts().envelope_bytes, 26u);
  EXPECT_EQ(stream.counts().garbage_bytes, 3u);
  EXPECT_EQ(stream.counts().frames, 2u);
}

TEST_F(TransparentTest, BytesBeforeTheRegistrationAreCountedAndDropped) {
  TransparentStream stream(Profile("dtu-reg-hb"));
  const auto bytes = Join({kFrame, "48 42 0D 0A", kRegistration, kFrame});
  EXPECT_EQ(Read(stream, bytes),
            (std::vector<std::string>{"registration 086000000000001A", "frame"}));
  ExpectAccounted(stream.counts(), bytes.size());
  EXPECT_EQ(stream.counts().unregistered_bytes, 39u);
}

TEST_F(TransparentTest, BareImeiRegistersAndWakeUpBytesMayBeHeartbeats) {
  TransparentStream stream(Profile("dtu-imei"));
  const auto bytes = Join({"38 36 30 30 30 30 30 30 30 30 30 30 30 31 37", "FE FE", kFrame, "FE"});
  EXPECT_EQ(Read(stream, bytes),
            (std::vector<std::string>{"registration 860000000000017", "heartbeat", "frame"}));
  ExpectAccounted(stream.counts(), bytes.size());
}

}  // namespace
}  // namespace karez::protocols::envelope
