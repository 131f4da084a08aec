#include "services/metering/edge/line.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/protocols/codec.h"
#include "services/metering/tests/frames.h"

namespace karez::metering::edge {
namespace {

using testing::DataMessage;
using testing::HeartbeatMessage;
using testing::ReadingFrame;
using testing::RegisterMessage;

constexpr const char* kTerminal = "860000000000017";
constexpr const char* kMeter = "90000000000017";
const protocols::LocalTime kClock{2026, 10, 2, 0, 5, 0};

// A connection that accepts or refuses its registration.
class Conversation {
 public:
  explicit Conversation(bool known = true) : known_(known), line_(testing::Profiles()) {}

  void Hear(std::string_view bytes) {
    auto rest = std::as_bytes(std::span(bytes));
    while (!rest.empty()) {
      rest = rest.subspan(line_.Push(rest));
      Take();
    }
  }
  void End() {
    line_.Flush();
    Take();
  }
  const std::vector<LineEvent>& events() const { return events_; }
  const domain::ByteAccount& account() const { return account_; }
  Line& line() { return line_; }

 private:
  void Take() {
    while (auto event = line_.Next()) {
      if (event->kind == LineEvent::Kind::kRegister) {
        known_ ? line_.Accept() : line_.Refuse();
      }
      events_.push_back(*std::move(event));
    }
    account_ += line_.TakeAccount();
  }

  bool known_;
  Line line_;
  std::vector<LineEvent> events_;
  domain::ByteAccount account_;
};

std::int64_t Size(const std::string& bytes) { return static_cast<std::int64_t>(bytes.size()); }

TEST(LineTest, AnAcknowledgedTerminalRegistersAndSendsFrames) {
  const std::string frames =
      ReadingFrame(kMeter, 100, 0, kClock) + ReadingFrame(kMeter, 200, 0, std::nullopt);
  const std::string said = RegisterMessage(kTerminal, 0) + DataMessage(kTerminal, 42, frames) +
                           HeartbeatMessage(kTerminal, 43);
  Conversation talk;
  talk.Hear(said);
  ASSERT_EQ(talk.events().size(), 3u);
  EXPECT_EQ(talk.events()[0].terminal, "0860000000000017");
  EXPECT_EQ(talk.events()[1].message.sequence, 42u);
  EXPECT_EQ(talk.events()[1].frames.size(), 2u);
  EXPECT_EQ(talk.events()[2].kind, LineEvent::Kind::kHeartbeat);
  EXPECT_EQ(talk.account().frame_bytes, Size(frames));
  EXPECT_EQ(talk.account().frames, 2);
  EXPECT_EQ(talk.account().envelope_bytes, Size(said) - Size(frames));
  EXPECT_EQ(talk.account().garbage_bytes, 0);
}

TEST(LineTest, NothingBeforeTheRegistrationIsTaken) {
  const std::string early = DataMessage(kTerminal, 1, ReadingFrame(kMeter, 100, 0, kClock));
  Conversation talk;
  talk.Hear(early + "noise");
  talk.End();
  EXPECT_TRUE(talk.events().empty());
  EXPECT_EQ(talk.account().unregistered_bytes, Size(early) + 5);
  EXPECT_EQ(talk.account().bytes_received(), Size(early) + 5);
}

TEST(LineTest, EveryByteOfARefusedTerminalIsUnregistered) {
  const std::string said =
      RegisterMessage(kTerminal, 0) + DataMessage(kTerminal, 1, ReadingFrame(kMeter, 1, 0, kClock));
  Conversation talk(false);
  talk.Hear(said);
  talk.Hear("more");
  EXPECT_EQ(talk.events().size(), 1u);
  EXPECT_EQ(talk.account().unregistered_bytes, Size(said) + 4);
  EXPECT_EQ(talk.account().bytes_received(), Size(said) + 4);
}

TEST(LineTest, ABrokenFrameInsideAMessageIsGarbageAndCounted) {
  std::string broken = ReadingFrame(kMeter, 100, 0, kClock);
  broken[20] = static_cast<char>(broken[20] ^ 1);
  const std::string good = ReadingFrame(kMeter, 200, 0, kClock);
  Conversation talk;
  talk.Hear(RegisterMessage(kTerminal, 0) + DataMessage(kTerminal, 1, broken + good));
  EXPECT_EQ(talk.events()[1].frames.size(), 1u);
  EXPECT_EQ(talk.account().garbage_bytes, Size(broken));
  EXPECT_EQ(talk.account().checksum_failures, 1);
}

TEST(LineTest, AMessageOfAnotherTerminalIsNotTaken) {
  const std::string frame = ReadingFrame(kMeter, 100, 0, kClock);
  Conversation talk;
  talk.Hear(RegisterMessage(kTerminal, 0) + DataMessage("99", 1, frame));
  EXPECT_EQ(talk.events().size(), 1u);
  EXPECT_EQ(talk.account().garbage_bytes, Size(frame));
  EXPECT_EQ(talk.account().frames, 0);
}

TEST(LineTest, ATransparentTerminalIsKnownByItsRegistrationPacket) {
  const std::string frame = ReadingFrame(kMeter, 100, 0, kClock);
  Conversation talk;
  talk.Hear("REG:0000DTU000000001\r\n" + frame + "HB\r\n" + "??");
  talk.End();
  ASSERT_EQ(talk.events().size(), 3u);
  EXPECT_EQ(talk.events()[0].profile->id, "dtu-reg-hb");
  EXPECT_EQ(talk.events()[0].terminal, "0000DTU000000001");
  EXPECT_EQ(talk.events()[1].frames, std::vector<std::string>{frame});
  EXPECT_EQ(talk.account().envelope_bytes, 22 + 4);
  EXPECT_EQ(talk.account().garbage_bytes, 2);
}

TEST(LineTest, TheEchoOfOurOwnQuestionIsCountedAndNotTaken) {
  std::array<std::byte, protocols::kMaxRequest> request;
  const auto encoded = protocols::EncodeRequest(*testing::Profiles().FindMeter(testing::kProfile),
                                                kMeter, protocols::Ask::kCurrent, 7, request);
  Conversation talk;
  talk.Hear("REG:0000DTU000000001\r\n");
  talk.Hear({reinterpret_cast<const char*>(request.data()), encoded.size});
  EXPECT_EQ(talk.events().size(), 1u);
  EXPECT_EQ(talk.account().frames, 1);
}

TEST(LineTest, AnotherRegistrationOnTheSameConnectionIsForeign) {
  Conversation talk;
  talk.Hear("REG:0000DTU000000001\r\nREG:0000DTU000000001\r\nREG:0000DTU000000002\r\n");
  ASSERT_EQ(talk.events().size(), 3u);
  EXPECT_EQ(talk.events()[1].kind, LineEvent::Kind::kHeartbeat);
  EXPECT_EQ(talk.events()[2].kind, LineEvent::Kind::kForeign);
}

// Whatever comes in whatever pieces: no crash, and every byte is accounted for.
TEST(LineTest, MutatedConversationsInAnyPiecesAreAccountedForToTheByte) {
  std::mt19937 random(7);
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  const std::string frame = ReadingFrame(kMeter, 100, 0, kClock);
  const std::vector<std::string> parts = {RegisterMessage(kTerminal, 0),
                                          DataMessage(kTerminal, 1, frame),
                                          HeartbeatMessage(kTerminal, 2),
                                          "REG:0000DTU000000001\r\n",
                                          "HB\r\n",
                                          frame,
                                          std::string(40, '\x4B'),
                                          "012345678901234"};
  for (int round = 0; round < 20'000; ++round) {
    std::string said;
    for (std::size_t i = below(6); i > 0; --i) said += parts[below(parts.size())];
    for (std::size_t i = below(4); i > 0 && !said.empty(); --i) {
      said[below(said.size())] = static_cast<char>(below(256));
    }
    for (std::size_t i = below(30); i > 0; --i) said += static_cast<char>(below(256));
    Conversation talk(below(4) != 0);
    for (std::string_view rest = said; !rest.empty();) {
      const std::size_t size = 1 + below(rest.size());
      talk.Hear(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    talk.End();
    ASSERT_EQ(talk.account().bytes_received(), Size(said)) << "round " << round;
    ASSERT_EQ(talk.line().pending(), 0u);
  }
}

}  // namespace
}  // namespace karez::metering::edge
