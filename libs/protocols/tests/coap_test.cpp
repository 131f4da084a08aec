#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/coap/block.h"
#include "libs/protocols/coap/exchange.h"
#include "libs/protocols/coap/message.h"
#include "libs/protocols/coap/options.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::coap {
namespace {

Message Parsed(const std::vector<std::byte>& datagram) {
  Message message;
  const Error error = ParseMessage(datagram, message);
  EXPECT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
  return message;
}

std::string_view TextOf(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::vector<std::byte> Rewritten(const Message& message) {
  std::vector<std::byte> out(4096);
  MessageWriter writer(out, message.type, message.code, message.message_id, message.token);
  OptionReader reader(message.options);
  Option option;
  while (reader.Next(option)) writer.Add(option.number, option.value);
  const Written written = writer.Payload(message.payload).Finish();
  EXPECT_TRUE(written.error.ok()) << Name(written.error.fault);
  out.resize(written.size);
  return out;
}

TEST(CoapTest, NotificationOfAMeterIsReadInPlace) {
  const auto datagram = FromHex("44451A2B010203046105612AFF681018021220200000810390");
  const Message message = Parsed(datagram);
  EXPECT_EQ(message.type, Type::kConfirmable);
  EXPECT_EQ(message.code, codes::kContent);
  EXPECT_EQ(message.message_id, 0x1A2B);
  EXPECT_EQ(message.token.size(), 4u);
  EXPECT_EQ(FindUint(message, option::kObserve), 5u);
  EXPECT_EQ(FindUint(message, option::kContentFormat), content_format::kOctetStream);
  EXPECT_EQ(FindUint(message, option::kSize2), std::nullopt);
  EXPECT_EQ(message.payload.data(), datagram.data() + 13);
  EXPECT_EQ(message.payload.size(), 12u);
}

TEST(CoapTest, RequestIsWrittenAsPublished) {
  std::array<std::byte, 64> out;
  const Written written = MessageWriter(out, Type::kConfirmable, codes::kGet, 0x7D34, {})
                              .AddText(option::kUriPath, "temperature")
                              .Finish();
  ASSERT_TRUE(written.error.ok());
  EXPECT_EQ(TextOf(Bytes(out).first(written.size)),
            TextOf(FromHex("40017D34BB74656D7065726174757265")));
}

TEST(CoapTest, WriterRefusesWhatTheFormCannotCarry) {
  std::array<std::byte, 64> out;
  const auto long_token = FromHex("010203040506070809");
  EXPECT_EQ(MessageWriter(out, Type::kConfirmable, codes::kGet, 1, long_token).Finish().error.fault,
            Fault::kValue);
  EXPECT_EQ(MessageWriter(out, Type::kConfirmable, codes::kGet, 1, {})
                .AddUint(option::kAccept, 60)
                .AddText(option::kUriPath, "3")
                .Finish()
                .error.fault,
            Fault::kValue);
  EXPECT_EQ(MessageWriter(out, Type::kAcknowledgement, codes::kEmpty, 1, {})
                .Payload(long_token)
                .Finish()
                .error.fault,
            Fault::kValue);
  const Written full =
      MessageWriter(std::span(out).first(8), Type::kConfirmable, codes::kGet, 1, {})
          .AddText(option::kUriPath, "temperature")
          .Finish();
  EXPECT_EQ(full.error.fault, Fault::kBuffer);
  EXPECT_EQ(full.error.expected, 16u);
  EXPECT_EQ(WriteEmpty(Type::kReset, 7, out).size, kHeaderSize);
}

TEST(CoapTest, FaultsOfConfirmablesAreAnsweredWithAReset) {
  const auto reaction = [](std::string_view hex) {
    const auto datagram = FromHex(hex);
    Message message;
    return ReactionTo(datagram, ParseMessage(datagram, message));
  };
  EXPECT_EQ(reaction("49000000"), Reaction::kReset);
  EXPECT_EQ(reaction("59000000"), Reaction::kIgnore);
  EXPECT_EQ(reaction("80000000"), Reaction::kIgnore);
  EXPECT_EQ(reaction("400100"), Reaction::kIgnore);
}

TEST(CoapTest, CriticalOptionsMustBeUnderstood) {
  std::array<std::byte, 64> out;
  const auto bad_option = [&](uint16_t number, uint32_t value) {
    const Written written =
        MessageWriter(out, Type::kConfirmable, codes::kGet, 1, {}).AddUint(number, value).Finish();
    Message message;
    EXPECT_TRUE(ParseMessage(Bytes(out).first(written.size), message).ok());
    return FindBadOption(message);
  };
  EXPECT_EQ(bad_option(option::kAccept, 110), std::nullopt);
  EXPECT_EQ(bad_option(option::kAccept, 0x10000), option::kAccept);  // three bytes are too long
  EXPECT_EQ(bad_option(2049, 1), 2049);
  EXPECT_EQ(bad_option(2050, 1), std::nullopt);  // elective
}

TEST(CoapTest, EveryMessageComesBackByteForByte) {
  std::mt19937 random(7);
  std::vector<std::byte> out(2048);
  const int rounds = Rounds(100'000);
  for (int run = 0; run < rounds; ++run) {
    const auto bytes = [&](size_t limit) {
      std::vector<std::byte> value(random() % (limit + 1));
      for (std::byte& b : value) b = static_cast<std::byte>(random() & 0xFF);
      return value;
    };
    const auto token = bytes(kMaxToken);
    MessageWriter writer(out, static_cast<Type>(random() % 4),
                         static_cast<Code>(1 + random() % 255),
                         static_cast<uint16_t>(random() & 0xFFFF), token);
    std::vector<std::pair<uint16_t, std::vector<std::byte>>> options;
    unsigned long number = 0;
    for (size_t i = random() % 5; i > 0; --i) {
      number += random() % (random() % 3 == 0 ? 20'000 : 30);
      if (number > UINT16_MAX) break;
      options.emplace_back(static_cast<uint16_t>(number), bytes(random() % 8 == 0 ? 400 : 20));
      writer.Add(options.back().first, options.back().second);
    }
    const auto payload = bytes(40);
    const Written written = writer.Payload(payload).Finish();
    ASSERT_TRUE(written.error.ok());
    const std::vector<std::byte> datagram(out.begin(),
                                          out.begin() + static_cast<ptrdiff_t>(written.size));
    const Message message = Parsed(datagram);
    ASSERT_EQ(TextOf(message.token), TextOf(token));
    ASSERT_EQ(TextOf(message.payload), TextOf(payload));
    OptionReader reader(message.options);
    Option option;
    for (const auto& [wanted, value] : options) {
      ASSERT_TRUE(reader.Next(option));
      ASSERT_EQ(option.number, wanted);
      ASSERT_EQ(TextOf(option.value), TextOf(value));
    }
    ASSERT_FALSE(reader.Next(option));
    ASSERT_EQ(Rewritten(message), datagram);
  }
}

TEST(CoapBlockTest, OptionValuesRoundTripAndTheReservedSizeIsRefused) {
  const Block block{2, true, 2};
  EXPECT_EQ(BlockOption(block), 0x2Au);
  EXPECT_EQ(ReadBlock(FromHex("2A")), block);
  EXPECT_EQ(ReadBlock({}), (Block{0, false, 0}));
  EXPECT_EQ(ReadBlock(FromHex("07")), std::nullopt);
  EXPECT_EQ(ReadBlock(FromHex("00000000")), std::nullopt);
  EXPECT_EQ(ReadBlock(FromHex("FFFFF6"))->number, kMaxBlockNumber);
}

TEST(CoapBlockTest, BodyGoesOverInBlocksOfAnySize) {
  std::mt19937 random(3);
  std::vector<std::byte> room(5000);
  for (int run = 0; run < 2000; ++run) {
    std::vector<std::byte> body(random() % 3000);
    for (std::byte& b : body) b = static_cast<std::byte>(random() & 0xFF);
    BlockAssembler assembler(room);
    Block wanted{0, false, static_cast<uint8_t>(random() % 7)};
    for (;;) {
      Block sent;
      const auto part = BlockOf(body, wanted, sent);
      ASSERT_TRUE(part.has_value());
      const BlockAssembler::Step step = assembler.Accept(sent, *part);
      ASSERT_EQ(step,
                sent.more ? BlockAssembler::Step::kContinue : BlockAssembler::Step::kComplete);
      ASSERT_EQ(assembler.Accept(sent, *part), BlockAssembler::Step::kDuplicate);
      if (!sent.more) break;
      wanted = assembler.Next();
      // The receiver may ask for smaller blocks at any time.
      if (wanted.size_exponent > 0 && random() % 4 == 0) {
        --wanted.size_exponent;
        wanted.number *= 2;
      }
    }
    ASSERT_EQ(TextOf(assembler.body()), TextOf(body));
  }
}

TEST(CoapBlockTest, GapsAndOversizeAreToldApart) {
  std::array<std::byte, 64> room;
  BlockAssembler assembler(room);
  const std::vector<std::byte> part(32, std::byte{1});
  using Step = BlockAssembler::Step;
  EXPECT_EQ(assembler.Accept({1, true, 1}, part), Step::kIncomplete);
  EXPECT_EQ(assembler.Accept({0, true, 1}, Bytes(part).first(31)), Step::kBad);
  EXPECT_EQ(assembler.Accept({0, true, 1}, part), Step::kContinue);
  EXPECT_EQ(assembler.Accept({2, true, 1}, part), Step::kIncomplete);
  EXPECT_EQ(assembler.Accept({1, true, 1}, part), Step::kContinue);
  EXPECT_EQ(assembler.Accept({2, false, 1}, part), Step::kTooLarge);
  Block sent;
  EXPECT_FALSE(BlockOf(part, {1, false, 1}, sent).has_value());
  EXPECT_TRUE(BlockOf({}, {0, false, 1}, sent).has_value());
}

TEST(CoapExchangeTest, TimesAreTheStandards) {
  const Transmission standard;
  EXPECT_EQ(standard.MaxTransmitSpanMs(), 45'000u);
  EXPECT_EQ(standard.MaxTransmitWaitMs(), 93'000u);
  EXPECT_EQ(standard.ExchangeLifetimeMs(), 247'000u);
  EXPECT_EQ(standard.NonLifetimeMs(), 145'000u);
  EXPECT_EQ(standard.WaitMs(0, 0), 2000u);
  EXPECT_EQ(standard.WaitMs(0, 1000), 3000u);
  EXPECT_EQ(standard.WaitMs(4, 0), 32'000u);
  EXPECT_EQ(Transmission::NarrowBand().WaitMs(1, 0), 30'000u);
}

TEST(CoapExchangeTest, NotificationsAreOrderedAcrossTheWrap) {
  EXPECT_TRUE(IsNewer(5, 0, 6, 0));
  EXPECT_FALSE(IsNewer(6, 0, 5, 0));
  EXPECT_FALSE(IsNewer(6, 0, 6, 0));
  EXPECT_TRUE(IsNewer(0xFFFFFF, 0, 1, 0));
  EXPECT_FALSE(IsNewer(1, 0, 0xFFFFFF, 0));
  EXPECT_TRUE(IsNewer(6, 0, 5, 128'001));
}

TEST(CoapExchangeTest, RepeatedMessagesAreKnownForTheirLifetime) {
  RecentMessages<4> recent;
  EXPECT_TRUE(recent.IsNew(7, 0, 247'000));
  EXPECT_FALSE(recent.IsNew(7, 246'999, 247'000));
  EXPECT_TRUE(recent.IsNew(7, 247'000, 247'000));
  for (uint16_t id = 10; id < 14; ++id) EXPECT_TRUE(recent.IsNew(id, 247'000, 247'000));
}

}  // namespace
}  // namespace karez::protocols::coap
