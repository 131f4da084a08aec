// decode(encode(v)) = v and encode(decode(x)) = x, for every function, both sides, RTU and TCP.
#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "libs/protocols/modbus/frame.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::modbus {
namespace {

constexpr uint8_t kFunctions[] = {kReadCoils,          kReadDiscreteInputs, kReadHoldingRegisters,
                                  kReadInputRegisters, kWriteCoil,          kWriteRegister,
                                  kWriteCoils,         kWriteRegisters};

class RandomMessage {
 public:
  explicit RandomMessage(uint64_t seed) : random_(seed) {
    for (std::byte& b : noise_) b = static_cast<std::byte>(random_());
  }

  Message Make(bool tcp) {
    Message message;
    message.direction = Below(2) == 0 ? Direction::kRequest : Direction::kResponse;
    message.unit = static_cast<uint8_t>(Below(256));
    message.function = kFunctions[Below(std::size(kFunctions))];
    if (tcp) message.transaction = static_cast<uint16_t>(Below(65536));
    const bool answer = message.direction == Direction::kResponse;
    if (answer && Below(8) == 0) {
      message.exception = static_cast<uint8_t>(1 + Below(255));
      return message;
    }
    const bool coils = OfCoils(message.function);
    if (answer && IsRead(message.function)) {
      const size_t size = coils ? 1 + Below(250) : 2 * (1 + Below(125));
      message.data = Bytes(noise_).first(size);
      message.count = static_cast<uint16_t>(coils ? size * 8 : size / 2);
      return message;
    }
    message.start = static_cast<uint16_t>(Below(65536));
    message.count = 1;
    if (message.function == kWriteCoil) {
      message.value = Below(2) == 0 ? kCoilOn : uint16_t{0};
    } else if (message.function == kWriteRegister) {
      message.value = static_cast<uint16_t>(Below(65536));
    } else {
      message.count = static_cast<uint16_t>(1 + Below(coils ? 1968 : 123));
      const size_t size = coils ? (message.count + 7u) / 8 : message.count * 2u;
      if (!answer && !IsRead(message.function)) message.data = Bytes(noise_).first(size);
    }
    return message;
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

 private:
  std::mt19937_64 random_;
  std::array<std::byte, 256> noise_;
};

void ExpectSame(const Message& sent, const Message& read) {
  ASSERT_EQ(read.unit, sent.unit);
  ASSERT_EQ(read.function, sent.function);
  ASSERT_EQ(read.exception, sent.exception);
  ASSERT_EQ(read.transaction, sent.transaction);
  if (sent.exception != 0) return;
  ASSERT_EQ(read.count, sent.count);
  ASSERT_TRUE(std::ranges::equal(read.data, sent.data));
  if (sent.direction == Direction::kResponse && IsRead(sent.function)) return;
  ASSERT_EQ(read.start, sent.start);
  if (sent.function == kWriteCoil || sent.function == kWriteRegister) {
    ASSERT_EQ(read.value, sent.value);
  }
}

TEST(ModbusRoundTripTest, EveryFrameComesBackAsItWasWritten) {
  RandomMessage random(502);
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    const bool tcp = round % 2 == 0;
    const auto write = tcp ? WriteTcp : WriteRtu;
    const auto parse = tcp ? ParseTcp : ParseRtu;
    const Message sent = random.Make(tcp);
    std::array<std::byte, kMaxTcp> frame;
    const Written first = write(sent, frame);
    ASSERT_TRUE(first.error.ok()) << Name(first.error.fault) << " fc " << int{sent.function};

    const Bytes bytes = Bytes(frame).first(first.size);
    const Candidate found = tcp ? TcpProbe{sent.direction}(bytes) : RtuProbe{sent.direction}(bytes);
    ASSERT_EQ(found.match, Match::kFrame) << "fc " << int{sent.function};
    ASSERT_EQ(found.size, first.size);
    Message read;
    const Error error = parse(bytes, sent.direction, read);
    ASSERT_TRUE(error.ok()) << Name(error.fault) << " fc " << int{sent.function};
    ASSERT_NO_FATAL_FAILURE(ExpectSame(sent, read)) << "fc " << int{sent.function};

    std::array<std::byte, kMaxTcp> again;
    const Written second = write(read, again);
    ASSERT_TRUE(second.error.ok());
    ASSERT_TRUE(std::ranges::equal(bytes, Bytes(again).first(second.size)));
  }
}

}  // namespace
}  // namespace karez::protocols::modbus
