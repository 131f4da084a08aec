// SZY 206: what is written comes back.
#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/szy206/message.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols {
namespace {

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
  const int rounds = Rounds(50'000);
  for (int round = 0; round < rounds; ++round) {
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

}  // namespace
}  // namespace karez::protocols
