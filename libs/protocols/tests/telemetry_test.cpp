// SL 651: what is written comes back. Frames of SL 651 and SZY 206 are found in noise.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/sl651/message.h"
#include "libs/protocols/sl651/packets.h"
#include "libs/protocols/szy206/message.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols {
namespace {

LocalTime RandomTime(std::mt19937_64& random) {
  return {static_cast<uint16_t>(2000 + random() % 100), static_cast<uint8_t>(1 + random() % 12),
          static_cast<uint8_t>(1 + random() % 28),      static_cast<uint8_t>(random() % 24),
          static_cast<uint8_t>(random() % 60),          static_cast<uint8_t>(random() % 60)};
}

sl651::Header RandomHeader(std::mt19937_64& random) {
  sl651::Header header;
  header.down = random() % 2 == 0;
  header.centre = static_cast<uint8_t>(random());
  for (uint8_t& b : header.station) b = static_cast<uint8_t>(random());
  header.password = static_cast<uint16_t>(random());
  header.function = 0x32;
  if (random() % 4 == 0) {
    header.stx = sl651::kStxPackets;
    header.packets = static_cast<uint16_t>(1 + random() % 0xFFF);
    header.packet = 1;
  }
  if (header.down) header.etx = sl651::kAck;
  return header;
}

TEST(Sl651Test, ReportsComeBackAsTheyWereWritten) {
  std::mt19937_64 random(651);
  std::array<std::byte, 1024> body;
  std::array<std::byte, 1200> frame;
  const int rounds = Rounds(50'000);
  for (int round = 0; round < rounds; ++round) {
    const sl651::Header header = RandomHeader(random);
    const LocalTime time = RandomTime(random);
    const auto serial = static_cast<uint16_t>(random());
    sl651::BodyWriter writer(body);
    ASSERT_TRUE(writer.AddPreamble(serial, time));
    const bool station = random() % 2 == 0;
    if (station) {
      ASSERT_TRUE(writer.AddStation(header.station,
                                    header.down ? std::nullopt : std::optional<uint8_t>(0x48)));
    }
    std::array<int64_t, 8> raws;
    for (int64_t& raw : raws) {
      raw = random() % 8 == 0 ? kAbsent : static_cast<int64_t>(random() % 1'999'999) - 999'999;
      ASSERT_TRUE(writer.AddNumber(0x39, 4, 3, raw));
    }
    const sl651::Written written =
        sl651::WriteLink(header, Bytes(body).first(writer.size()), frame);
    ASSERT_TRUE(written.error.ok());
    sl651::Message read;
    ASSERT_TRUE(sl651::ParseMessage(Bytes(frame).first(written.size), read).ok());
    ASSERT_EQ(read.header, header);
    ASSERT_EQ(read.serial, serial);
    ASSERT_EQ(read.time, time);
    ASSERT_EQ(read.has_station, station);
    sl651::ItemReader reader(read);
    sl651::Item item;
    for (const int64_t raw : raws) {
      ASSERT_TRUE(reader.Next(item));
      const sl651::Number number = sl651::ReadNumber(item.value);
      ASSERT_EQ(number.rejected, raw == kAbsent);
      if (!number.rejected) {
        ASSERT_EQ(number.raw, raw);
      }
    }
    ASSERT_FALSE(reader.Next(item));
    std::array<std::byte, 1200> again;
    const sl651::Written second = sl651::WriteLink(read.header, read.body, again);
    ASSERT_TRUE(std::equal(frame.begin(), frame.begin() + static_cast<ptrdiff_t>(written.size),
                           again.begin(), again.begin() + static_cast<ptrdiff_t>(second.size)));
  }
}

TEST(Sl651Test, APeriodsValuesComeBackAsTheyWereWritten) {
  std::mt19937_64 random(31);
  std::array<std::byte, 600> body;
  std::array<std::byte, 700> frame;
  sl651::Header header;
  for (int round = 0; round < 2000; ++round) {
    header.function = random() % 2 == 0 ? 0x31 : 0x38;
    std::vector<int64_t> raws(random() % 40 + 1);
    for (int64_t& raw : raws) {
      raw = random() % 8 == 0 ? kAbsent : static_cast<int64_t>(random() % 20'000) - 10'000;
    }
    sl651::BodyWriter writer(body);
    ASSERT_TRUE(writer.AddPreamble(1, RandomTime(random)));
    ASSERT_TRUE(writer.AddStation(header.station, 0x48));
    ASSERT_TRUE(writer.AddTimeStep(0, 1, 0));
    ASSERT_TRUE(writer.AddSeries(0x58, 4, 2, raws));
    const sl651::Written written =
        sl651::WriteLink(header, Bytes(body).first(writer.size()), frame);
    sl651::Message read;
    ASSERT_TRUE(sl651::ParseMessage(Bytes(frame).first(written.size), read).ok());
    sl651::ItemReader reader(read);
    sl651::Item item;
    ASSERT_TRUE(reader.Next(item));
    ASSERT_EQ(item.identifier, sl651::kTimeStep);
    ASSERT_TRUE(reader.Next(item));
    ASSERT_EQ(item.type, sl651::Item::Type::kSeries);
    ASSERT_EQ(item.value.size(), 4 * raws.size());
    for (size_t i = 0; i < raws.size(); ++i) {
      const sl651::Number number = sl651::ReadNumber(item.value.subspan(4 * i, 4));
      ASSERT_EQ(number.rejected ? kAbsent : number.raw, raws[i]);
    }
    ASSERT_FALSE(reader.Next(item));
    ASSERT_TRUE(reader.trailing().empty());
    Observation seen;
    sl651::Observe(read, seen);
    ASSERT_TRUE(seen.registers.empty());  // a series is no present value
  }
}

TEST(Sl651Test, ANumberThatDoesNotFitWritesNothing) {
  std::array<std::byte, 8> body;
  sl651::BodyWriter writer(body);
  EXPECT_FALSE(writer.AddNumber(0x39, 2, 2, 10'000));
  EXPECT_FALSE(writer.AddNumber(0x39, 2, 2, -100));  // its sign is a byte of its own
  EXPECT_FALSE(writer.AddNumber(0x39, 7, 2, 1));
  EXPECT_EQ(writer.size(), 0u);
  EXPECT_TRUE(writer.AddNumber(0x39, 2, 2, -99));
  EXPECT_EQ(writer.size(), 4u);
}

TEST(Sl651Test, PacketsAreJoinedInWhateverOrderTheyCome) {
  using State = sl651::PacketJoiner::State;
  std::mt19937_64 random(36);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> message(random() % 900);
    for (std::byte& b : message) b = static_cast<std::byte>(random());
    const auto total = static_cast<uint16_t>(1 + random() % 20);
    std::vector<size_t> cuts = {0, message.size()};
    while (cuts.size() < total + 1u) cuts.push_back(random() % (message.size() + 1));
    std::sort(cuts.begin(), cuts.end());
    std::vector<uint16_t> order(total);
    for (uint16_t i = 0; i < total; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), random);
    std::vector<std::byte> memory(message.size());
    sl651::PacketJoiner joiner(memory);
    sl651::Header header;
    header.function = 0x36;
    header.stx = sl651::kStxPackets;
    header.packets = total;
    for (uint16_t i = 0; i < total; ++i) {
      header.packet = static_cast<uint16_t>(order[i] + 1);
      const Bytes part =
          Bytes(message).subspan(cuts[order[i]], cuts[order[i] + 1u] - cuts[order[i]]);
      ASSERT_EQ(joiner.Add(header, part), i + 1 == total ? State::kComplete : State::kMore);
      ASSERT_EQ(joiner.Add(header, part), i + 1 == total ? State::kComplete : State::kMore);
      if (i + 1 < total) {
        const auto first = std::min_element(order.begin() + i + 1, order.end());
        ASSERT_EQ(joiner.missing(), *first + 1);
      }
    }
    ASSERT_TRUE(
        std::equal(message.begin(), message.end(), joiner.body().begin(), joiner.body().end()));
  }
}

TEST(Sl651Test, TheNextMessageOfAStationBeginsAnew) {
  using State = sl651::PacketJoiner::State;
  std::array<std::byte, 8> memory;
  sl651::PacketJoiner joiner(memory);
  sl651::Header header;
  header.stx = sl651::kStxPackets;
  header.packets = 2;
  const auto add = [&](uint16_t packet, std::string_view hex) {
    header.packet = packet;
    return joiner.Add(header, FromHex(hex));
  };
  EXPECT_EQ(add(1, "0102"), State::kMore);
  EXPECT_EQ(add(2, "0304"), State::kComplete);
  EXPECT_EQ(add(2, "0304"), State::kComplete);  // sent again
  EXPECT_EQ(add(1, "0506"), State::kMore);
  EXPECT_EQ(joiner.missing(), 2);
  EXPECT_EQ(add(2, "07"), State::kComplete);
  EXPECT_TRUE(std::ranges::equal(joiner.body(), FromHex("050607")));
}

TEST(Sl651Test, WhatIsNoPacketOfAMessageIsRefused) {
  using State = sl651::PacketJoiner::State;
  std::array<std::byte, 8> memory;
  sl651::PacketJoiner joiner(memory);
  const std::array<std::byte, 5> body{};
  sl651::Header header;
  EXPECT_EQ(joiner.Add(header, body), State::kRefused);
  header.stx = sl651::kStxPackets;
  EXPECT_EQ(joiner.Add(header, body), State::kRefused);
  header.packets = 2;
  header.packet = 3;
  EXPECT_EQ(joiner.Add(header, body), State::kRefused);
  header.packet = 1;
  EXPECT_EQ(joiner.Add(header, body), State::kMore);
  header.packet = 2;
  EXPECT_EQ(joiner.Add(header, body), State::kRefused);  // ten bytes in eight
  EXPECT_EQ(joiner.missing(), 2);
  header.function = 0x31;  // another message begins
  EXPECT_EQ(joiner.Add(header, body), State::kMore);
  EXPECT_EQ(joiner.missing(), 1);
}

TEST(Sl651Test, SaysWhatIsWrong) {
  auto frame = FromHex("7E7E01001234567812342F0008020003591011155111036BCA");
  sl651::Message message;
  ASSERT_TRUE(sl651::ParseMessage(frame, message).ok());
  const auto fault = [&](size_t at, uint8_t value) {
    auto broken = frame;
    broken[at] = std::byte{value};
    return sl651::ParseMessage(broken, message).fault;
  };
  EXPECT_EQ(fault(0, 0x7F), Fault::kStart);
  EXPECT_EQ(fault(11, 0x40), Fault::kLength);
  EXPECT_EQ(fault(12, 0x09), Fault::kShort);
  EXPECT_EQ(fault(13, 0x55), Fault::kControl);
  EXPECT_EQ(fault(22, 0x55), Fault::kEnd);
  EXPECT_EQ(fault(20, 0x55), Fault::kChecksum);
}

TEST(Sl651Test, PressureAndStatusBecomeAnObservation) {
  std::array<std::byte, 64> body;
  sl651::BodyWriter writer(body);
  ASSERT_TRUE(writer.AddPreamble(1, {2026, 10, 1, 8, 0, 0}));
  ASSERT_TRUE(writer.AddStation({0, 0x12, 0x34, 0x56, 0x78}, 0x50));
  ASSERT_TRUE(writer.AddNumber(0x58, 3, 2, 31250));
  const std::byte status[] = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{2}};
  ASSERT_TRUE(writer.AddElement(0x45, 0, status));
  sl651::Header header;
  header.function = 0x32;
  std::array<std::byte, 128> frame;
  const sl651::Written written = sl651::WriteLink(header, Bytes(body).first(writer.size()), frame);
  sl651::Message message;
  ASSERT_TRUE(sl651::ParseMessage(Bytes(frame).first(written.size), message).ok());
  Observation seen;
  sl651::Observe(message, seen);
  const Register* pressure = seen.Find(Quantity::kPressure, Storage::kCurrent, 1);
  ASSERT_NE(pressure, nullptr);
  EXPECT_EQ(pressure->raw, 31250);
  EXPECT_EQ(pressure->exponent, 1);  // hundredths of a kilopascal, in pascal
  EXPECT_EQ(seen.battery, BatteryState::kLow);
}

template <class Probe>
void ExpectFoundInNoise(const std::vector<std::byte>& frame, std::byte start) {
  std::mt19937_64 random(8);
  auto framer = std::make_unique<Framer<Probe>>();
  size_t found = 0;
  constexpr size_t kFrames = 1000;
  for (size_t i = 0; i < kFrames; ++i) {
    std::vector<std::byte> bytes(random() % 400);
    for (std::byte& b : bytes) b = random() % 4 == 0 ? start : static_cast<std::byte>(random());
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    for (Bytes rest = bytes; !rest.empty();) {
      rest = rest.subspan(framer->Push(rest));
      while (framer->Next()) ++found;
    }
  }
  framer->Flush();
  while (framer->Next()) ++found;
  EXPECT_GE(found * 1000, kFrames * 999);
}

TEST(Sl651Test, AnObservationIsOfOneStation) {
  const std::array<uint8_t, 5> own = {0, 0x12, 0x34, 0x56, 0x78};
  std::array<std::byte, 96> body;
  sl651::BodyWriter writer(body);
  ASSERT_TRUE(writer.AddPreamble(1, {2026, 10, 1, 8, 0, 0}));
  ASSERT_TRUE(writer.AddStation(own, 0x50));
  ASSERT_TRUE(writer.AddNumber(0x03, 2, 1, 125));  // water temperature
  ASSERT_TRUE(writer.AddStation(own, 0x50));
  ASSERT_TRUE(writer.AddNumber(0x38, 3, 2, 1234));  // voltage
  ASSERT_TRUE(writer.AddStation({0, 0x12, 0x34, 0x56, 0x79}, 0x50));
  ASSERT_TRUE(writer.AddNumber(0x58, 4, 2, 250));  // pressure
  sl651::Message message;
  sl651::Header header;
  header.station = own;
  header.function = 0x32;
  ASSERT_TRUE(sl651::ParseBody(header, Bytes(body).first(writer.size()), message).ok());
  Observation seen;
  sl651::Observe(message, seen);
  EXPECT_NE(seen.Find(Quantity::kTemperature, Storage::kCurrent, 0), nullptr);
  EXPECT_NE(seen.Find(Quantity::kVoltage, Storage::kCurrent, 0), nullptr);
  EXPECT_EQ(seen.Find(Quantity::kPressure, Storage::kCurrent, 1), nullptr);
  EXPECT_EQ(seen.registers.size(), 2u);
}

TEST(TelemetryFramerTest, FramesAreFoundInNoise) {
  ExpectFoundInNoise<sl651::Probe>(FromHex("7E7E01001234567812342F0008020003591011155111036BCA"),
                                   std::byte{0x7E});
  ExpectFoundInNoise<szy206::Probe>(
      FromHex("681A68B35303810D00C00059000000826110000001106000004508090A3516"), std::byte{0x68});
}

}  // namespace
}  // namespace karez::protocols
