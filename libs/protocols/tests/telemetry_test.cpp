// SL 651 and SZY 206: what is written comes back, and frames are found in noise.
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

namespace karez::protocols {
namespace {

constexpr int kRounds = 50'000;

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
  for (int round = 0; round < kRounds; ++round) {
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
      raw = random() % 8 == 0 ? kAbsent : static_cast<int64_t>(random() % 2'000'000) - 1'000'000;
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

szy206::Header RandomTerminal(std::mt19937_64& random, uint8_t kind) {
  szy206::Header header;
  header.kind = kind;
  header.frame_count = static_cast<uint8_t>(random() % 4);
  for (uint8_t& b : header.address) b = static_cast<uint8_t>(random());
  header.function = random() % 2 == 0 ? szy206::kSelfReport : szy206::kQuery;
  return header;
}

TEST(Szy206Test, ReportsOfEveryKindComeBackAsTheyWereWritten) {
  std::mt19937_64 random(206);
  std::array<std::byte, szy206::kMaxFrame> frame;
  std::array<std::byte, 64> values;
  for (int round = 0; round < kRounds; ++round) {
    const auto kind = static_cast<uint8_t>(1 + random() % 15);
    const auto specs = szy206::ValuesOf(kind);
    if (specs.empty()) continue;
    std::vector<int64_t> raws;
    size_t size = 0;
    for (size_t group = 0; group < 1 + random() % 3; ++group) {
      for (const szy206::ValueSpec& spec : specs) {
        int64_t limit = 1;
        for (int digit = 0; digit < 2 * spec.size - 1; ++digit) limit *= 10;
        int64_t raw = static_cast<int64_t>(random() % static_cast<uint64_t>(limit));
        if (spec.top == szy206::ValueSpec::Top::kSign && random() % 2 == 0) raw = -raw;
        if (random() % 8 == 0) raw = kAbsent;
        ASSERT_TRUE(szy206::WriteValue(spec, raw, std::span(values).subspan(size)));
        raws.push_back(raw);
        size += spec.size;
      }
    }
    const szy206::Header header = RandomTerminal(random, kind);
    const szy206::Stamp stamp{12, 8, 45, 59, 10, true};
    const auto alarm = static_cast<uint16_t>(random());
    const szy206::Written written =
        szy206::WriteReport(header, Bytes(values).first(size), alarm, 0x6000, stamp, frame);
    ASSERT_TRUE(written.error.ok());
    szy206::Message read;
    ASSERT_TRUE(szy206::ParseMessage(Bytes(frame).first(written.size), read).ok());
    ASSERT_EQ(read.header, header);
    ASSERT_EQ(read.alarm, alarm);
    ASSERT_TRUE(read.stamp->valid);
    ASSERT_EQ(read.stamp->minute, 45);
    ASSERT_EQ(read.values.size(), raws.size());
    for (size_t i = 0; i < raws.size(); ++i) {
      ASSERT_EQ(read.values[i].rejected, raws[i] == kAbsent);
      if (!read.values[i].rejected) {
        ASSERT_EQ(read.values[i].raw, raws[i]);
      }
    }
  }
}

TEST(Szy206Test, APictureIsLongerThanItsLengthByteCanTell) {
  std::mt19937_64 random(61);
  szy206::Header header = RandomTerminal(random, 0);
  header.function = szy206::kPicture;
  header.picture = true;
  std::vector<std::byte> frame(szy206::kMaxFrame);
  std::vector<std::byte> picture(szy206::kMaxPicture + 1);
  for (std::byte& b : picture) b = static_cast<std::byte>(random());
  for (const size_t size : {size_t{0}, size_t{1}, size_t{1024}, szy206::kMaxPicture}) {
    for (const bool divided : {false, true}) {
      header.divided = divided;
      header.divs = divided ? 42 : 0;
      const szy206::Written written = szy206::WriteLink(header, Bytes(picture).first(size), frame);
      ASSERT_TRUE(written.error.ok());
      EXPECT_EQ(frame[1], std::byte{1});
      szy206::Message read;
      ASSERT_TRUE(szy206::ParseMessage(Bytes(frame).first(written.size), read).ok());
      EXPECT_EQ(read.header, header);
      EXPECT_TRUE(std::equal(read.picture.begin(), read.picture.end(), picture.begin(),
                             picture.begin() + static_cast<ptrdiff_t>(size)));
      EXPECT_EQ(szy206::Probe{}(Bytes(frame).first(written.size - 1)).match, Match::kMore);
    }
  }
  EXPECT_EQ(szy206::WriteLink(header, picture, frame).error.fault, Fault::kValue);
  header.function = szy206::kSelfReport;  // only pictures do that
  EXPECT_EQ(szy206::WriteLink(header, {}, frame).error.fault, Fault::kValue);
}

TEST(Szy206Test, ACompositeNamesWhatItHolds) {
  std::array<std::byte, 16> values;
  values[0] = std::byte{0xC0};  // level and rain
  size_t at = 1;
  const auto add = [&](uint8_t kind, int64_t raw) {
    const szy206::ValueSpec& spec = szy206::ValuesOf(kind)[0];
    ASSERT_TRUE(szy206::WriteValue(spec, raw, std::span(values).subspan(at)));
    at += spec.size;
  };
  add(szy206::kKindLevel, -1500);
  add(szy206::kKindRain, 25);
  szy206::Header header;
  header.kind = szy206::kKindComposite;
  header.function = szy206::kSelfReport;
  std::array<std::byte, szy206::kMaxFrame> frame;
  const szy206::Written written =
      szy206::WriteReport(header, Bytes(values).first(at), 0, 0, {1, 2, 3, 4, 0, true}, frame);
  szy206::Message read;
  ASSERT_TRUE(szy206::ParseMessage(Bytes(frame).first(written.size), read).ok());
  ASSERT_EQ(read.values.size(), 2u);
  EXPECT_EQ(read.values[0].spec->name, "level");
  EXPECT_EQ(read.values[0].raw, -1500);
  EXPECT_EQ(read.values[1].spec->name, "rain");
  EXPECT_TRUE(read.trailing.empty());
}

TEST(Szy206Test, AnAnswerMayEndWithItsValues) {
  std::array<std::byte, 8> value;
  const szy206::ValueSpec& spec = szy206::ValuesOf(szy206::kKindWaterPressure)[0];
  ASSERT_TRUE(szy206::WriteValue(spec, 31250, value));
  szy206::Header header;
  header.kind = szy206::kKindWaterPressure;
  header.function = szy206::kQuery;
  std::array<std::byte, szy206::kMaxFrame> frame;
  const szy206::Written written = szy206::WriteLink(header, Bytes(value).first(spec.size), frame);
  szy206::Message read;
  ASSERT_TRUE(szy206::ParseMessage(Bytes(frame).first(written.size), read).ok());
  EXPECT_FALSE(read.alarm.has_value());
  Observation seen;
  szy206::Observe(read, seen);
  EXPECT_EQ(seen.kind, Kind::kReading);
  const Register* pressure = seen.Find(Quantity::kPressure);
  ASSERT_NE(pressure, nullptr);
  EXPECT_EQ(pressure->raw, 31250);
  EXPECT_EQ(pressure->exponent, 1);  // hundredths of a kilopascal, in pascal
}

TEST(Szy206Test, AcknowledgementAndQueryAreWhatTheCentreSends) {
  szy206::Message report;
  ASSERT_TRUE(szy206::ParseMessage(
                  FromHex("681A68B35303810D00C00059000000826110000001106000004508090A3516"), report)
                  .ok());
  std::array<std::byte, szy206::kMaxFrame> out;
  szy206::Written written = szy206::WriteAcknowledgement(report.header, out);
  szy206::Message answer;
  ASSERT_TRUE(szy206::ParseMessage(Bytes(out).first(written.size), answer).ok());
  EXPECT_FALSE(answer.header.up);
  EXPECT_EQ(answer.header.Control(), 0x33);
  EXPECT_EQ(answer.header.function, szy206::kSelfReport);
  EXPECT_EQ(answer.code, 0);
  written = szy206::WriteQuery(report.header.address, szy206::kKindFlow, out);
  ASSERT_TRUE(szy206::ParseMessage(Bytes(out).first(written.size), answer).ok());
  EXPECT_EQ(answer.header.function, szy206::kQuery);
  Observation seen;
  szy206::Observe(report, seen);
  EXPECT_EQ(seen.device_id.view(), "5303810D00");
  EXPECT_EQ(seen.Find(Quantity::kVolume)->raw, 106182);
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

TEST(TelemetryFramerTest, FramesAreFoundInNoise) {
  ExpectFoundInNoise<sl651::Probe>(FromHex("7E7E01001234567812342F0008020003591011155111036BCA"),
                                   std::byte{0x7E});
  ExpectFoundInNoise<szy206::Probe>(
      FromHex("681A68B35303810D00C00059000000826110000001106000004508090A3516"), std::byte{0x68});
}

}  // namespace
}  // namespace karez::protocols
