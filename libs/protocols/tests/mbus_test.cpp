#include <array>
#include <bit>
#include <cmath>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "libs/protocols/mbus/message.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::mbus {
namespace {

Record Head(Coding coding, std::initializer_list<uint8_t> vif) {
  Record record;
  record.coding = coding;
  for (const uint8_t code : vif) record.vif.push_back(code);
  return record;
}

Value ReadOnly(Bytes body) {
  RecordReader reader(body);
  Record record;
  EXPECT_TRUE(reader.Next(record));
  return ReadValue(record, MeaningOf(record));
}

Value ReadHex(const char* hex) { return ReadOnly(FromHex(hex)); }

TEST(MbusLinkTest, EveryKindOfFrameComesBackAsItWasWritten) {
  std::mt19937_64 random(13757);
  std::array<std::byte, kMaxFrame> buffer;
  std::array<std::byte, kMaxUserData> noise;
  for (std::byte& b : noise) b = static_cast<std::byte>(random());
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    Frame sent;
    sent.kind = static_cast<FrameKind>(random() % 3);
    sent.control = static_cast<uint8_t>(random());
    if (sent.kind == FrameKind::kShort) sent.control = 0x40 | (sent.control & 0x3F);
    sent.address = static_cast<uint8_t>(random());
    if (sent.kind == FrameKind::kLong) sent.data = Bytes(noise).first(1 + random() % 253);
    const Written written = WriteLink(sent, buffer);
    ASSERT_TRUE(written.error.ok());
    const Bytes bytes = Bytes(buffer).first(written.size);
    Frame read;
    ASSERT_TRUE(ParseLink(bytes, read).ok());
    ASSERT_EQ(read.kind, sent.kind);
    if (sent.kind == FrameKind::kAck) continue;
    ASSERT_EQ(Probe{}(bytes).match, Match::kFrame);
    ASSERT_EQ(read.control, sent.control);
    ASSERT_EQ(read.address, sent.address);
    ASSERT_TRUE(std::equal(read.data.begin(), read.data.end(), sent.data.begin(), sent.data.end()));
  }
}

TEST(MbusLinkTest, SaysWhatIsWrong) {
  Frame frame;
  EXPECT_EQ(ParseLink(FromHex("10 5B 01 5D 16"), frame).fault, Fault::kChecksum);
  EXPECT_EQ(ParseLink(FromHex("10 5B 01 5C 17"), frame).fault, Fault::kEnd);
  EXPECT_EQ(ParseLink(FromHex("68 03 04 68 08 01 78 81 16"), frame).fault, Fault::kLength);
  EXPECT_EQ(ParseLink(FromHex("68 02 02 68 08 01 09 16"), frame).fault, Fault::kLength);
  EXPECT_EQ(ParseLink(FromHex("68 03 03 68 08 01"), frame).fault, Fault::kShort);
  EXPECT_EQ(ParseLink(FromHex("68 03 03 67 08 01 78 81 16"), frame).fault, Fault::kStart);
  EXPECT_EQ(ParseLink(FromHex("10 08 01 09 16"), frame).fault, Fault::kControl);
  EXPECT_EQ(ParseLink({}, frame).fault, Fault::kStart);
}

TEST(MbusLinkTest, FramesAreFoundInNoise) {
  std::mt19937_64 random(7);
  const auto frame = FromHex(
      "68 1B 1B 68 08 01 72 07 20 18 00 E6 1E 35 07 4C 00 00 00 0C 78 07 20 18 00 0C 16 69 02 00 "
      "00 "
      "96 16");
  for (const size_t percent : {1u, 50u, 99u}) {
    Framer<Probe> framer;
    size_t found = 0;
    constexpr size_t kFrames = 1000;
    for (size_t i = 0; i < kFrames; ++i) {
      const size_t mean = frame.size() * percent / (100 - percent);
      std::vector<std::byte> bytes;
      for (size_t n = random() % (2 * mean + 1); n > 0; --n) {
        bytes.push_back(random() % 4 == 0 ? std::byte{0x68} : static_cast<std::byte>(random()));
      }
      bytes.insert(bytes.end(), frame.begin(), frame.end());
      for (Bytes rest = bytes; !rest.empty();) {
        rest = rest.subspan(framer.Push(rest));
        while (const auto next = framer.Next()) found += next->frame.size() == frame.size() ? 1 : 0;
      }
    }
    framer.Flush();
    while (framer.Next()) ++found;
    EXPECT_GE(found * 1000, kFrames * 999) << percent;
  }
}

TEST(MbusRecordTest, NumbersOfEveryCodingComeBack) {
  std::mt19937_64 random(1);
  constexpr Coding kCodings[] = {Coding::kInt8,  Coding::kInt16, Coding::kInt24, Coding::kInt32,
                                 Coding::kInt48, Coding::kInt64, Coding::kBcd2,  Coding::kBcd4,
                                 Coding::kBcd6,  Coding::kBcd8,  Coding::kBcd12};
  constexpr int kBits[] = {8, 16, 24, 32, 48, 64};
  constexpr int64_t kLimits[] = {100, 10'000, 1'000'000, 100'000'000, 1'000'000'000'000};
  std::array<std::byte, 64> buffer;
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    const size_t which = random() % std::size(kCodings);
    Record head = Head(kCodings[which], {0x13});
    head.function = static_cast<Function>(random() % 4);
    head.storage = random() >> (23 + random() % 41);
    head.tariff = static_cast<uint32_t>(random() % (1u << 20));
    head.subunit = static_cast<uint16_t>(random() % (1u << 10));
    const int64_t raw = which < 6 ? static_cast<int64_t>(random()) >> (64 - kBits[which])
                                  : static_cast<int64_t>(random()) % (kLimits[which - 6] / 10);
    RecordWriter writer(buffer);
    ASSERT_TRUE(writer.AddNumber(head, raw));
    const Bytes body = Bytes(buffer).first(writer.size());
    RecordReader reader(body);
    Record read;
    ASSERT_TRUE(reader.Next(read));
    ASSERT_EQ(read.storage, head.storage);
    ASSERT_EQ(read.tariff, head.tariff);
    ASSERT_EQ(read.subunit, head.subunit);
    ASSERT_EQ(read.function, head.function);
    const Value value = ReadValue(read, MeaningOf(read));
    if (value.type == Value::Type::kNumber) {  // −1 and the least integer say "no value"
      ASSERT_EQ(value.raw, raw);
      ASSERT_EQ(value.exponent, -3);
    } else {
      ASSERT_TRUE(raw == -1 || raw == INT64_MIN >> (64 - kBits[which])) << raw;
    }
    std::array<std::byte, 64> again;
    RecordWriter second(again);
    ASSERT_TRUE(second.Add(read));
    ASSERT_EQ(second.size(), body.size());
    ASSERT_TRUE(std::equal(body.begin(), body.end(), again.begin()));
  }
}

TEST(MbusRecordTest, FloatsComeBackAsTheShortestDecimal) {
  EXPECT_EQ(ReadHex("05 13 79 E9 F6 42").raw, 123456);  // 123.456
  EXPECT_EQ(ReadHex("05 13 79 E9 F6 42").exponent, -6);
  std::mt19937_64 random(2);
  std::array<std::byte, 16> buffer;
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    const auto real = std::bit_cast<float>(static_cast<uint32_t>(random()));
    RecordWriter writer(buffer);
    ASSERT_TRUE(writer.AddReal(Head(Coding::kReal, {0x16}), real));
    const Value value = ReadOnly(Bytes(buffer).first(writer.size()));
    if (!std::isfinite(real)) {
      ASSERT_EQ(value.type, Value::Type::kNone);
      continue;
    }
    const std::string text = std::to_string(value.raw) + "e" + std::to_string(value.exponent);
    ASSERT_EQ(std::strtof(text.c_str(), nullptr), real == 0 ? 0.0f : real);
  }
}

TEST(MbusRecordTest, DatesComeBackInTypesGFAndI) {
  std::mt19937_64 random(3);
  std::array<std::byte, 16> buffer;
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    LocalTime time{
        static_cast<uint16_t>(2000 + random() % 81), static_cast<uint8_t>(1 + random() % 12),
        static_cast<uint8_t>(1 + random() % 28),     static_cast<uint8_t>(random() % 24),
        static_cast<uint8_t>(random() % 60),         static_cast<uint8_t>(random() % 60)};
    const size_t form = random() % 3;
    constexpr Coding kCodings[] = {Coding::kInt16, Coding::kInt32, Coding::kInt48};
    if (form < 2) time.second = 0;
    if (form < 1) time.hour = time.minute = 0;
    RecordWriter writer(buffer);
    ASSERT_TRUE(writer.AddTime(
        Head(kCodings[form], {static_cast<uint8_t>(form == 0 ? 0x6C : 0x6D)}), time));
    ASSERT_EQ(ReadOnly(Bytes(buffer).first(writer.size())).time, time);
  }
}

TEST(MbusRecordTest, NoValueNeverBecomesANumber) {
  for (const char* hex :
       {"04 13 FF FF FF FF", "04 13 00 00 00 80", "0C 13 FF FF FF FF", "0C 13 00 0A 00 00",
        "02 6C FF FF", "02 6C 00 00", "04 6D 80 00 01 01", "04 93 15 01 00 00 00", "00 13"}) {
    EXPECT_EQ(ReadHex(hex).type, Value::Type::kNone) << hex;
  }
  EXPECT_EQ(ReadHex("04 3B FF FF FF FF").raw, -1);  // a flow may be −1
  EXPECT_EQ(ReadHex("0C 13 45 23 01 F0").raw, -12345);
}

TEST(MbusRecordTest, TextNumbersOfVariableLengthAndFillersAreRead) {
  const auto body = FromHex(
      "2F 2F 0D 13 C2 34 12 0D 13 D2 34 12 0D FD 0B 05 31 32 48 46 57 2F "
      "0D 13 E2 10 00 04 FC 03 48 52 25 44 01 02 03 04 1F AA BB");
  RecordReader reader(body);
  Record record;
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(ReadValue(record, MeaningOf(record)).raw, 1234);
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(ReadValue(record, MeaningOf(record)).raw, -1234);
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(ReadValue(record, MeaningOf(record)).type, Value::Type::kText);
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(ReadValue(record, MeaningOf(record)).raw, 16);
  ASSERT_TRUE(reader.Next(record));
  EXPECT_EQ(record.text.size(), 3u);
  EXPECT_FALSE(reader.Next(record));
  EXPECT_EQ(reader.manufacturer_data().size(), 2u);
  EXPECT_TRUE(reader.more_follows());
  EXPECT_TRUE(reader.trailing().empty());
}

TEST(MbusRecordTest, WhatCannotBeReadIsReportedBehindWhatCan) {
  const auto body = FromHex("04 13 01 00 00 00 04 13 01");
  RecordReader reader(body);
  Record record;
  EXPECT_TRUE(reader.Next(record));
  EXPECT_FALSE(reader.Next(record));
  EXPECT_EQ(reader.trailing().size(), 3u);
}

TEST(MbusVifTest, ScalesAndMeaningsFollowTheTables) {
  const auto meaning = [](std::initializer_list<uint8_t> vif) {
    return MeaningOf(Head(Coding::kInt32, vif));
  };
  EXPECT_EQ(meaning({0x10}).exponent, -6);
  EXPECT_EQ(meaning({0x17}).exponent, 1);
  EXPECT_EQ(meaning({0x3E}).exponent, 0);
  EXPECT_EQ(meaning({0xFB, 0x11}).exponent, 3);
  EXPECT_EQ(meaning({0xFD, 0x49}).exponent, 0);
  EXPECT_EQ(meaning({0x93, 0x70}).exponent, -9);  // VIFE 70: × 10^−6
  EXPECT_EQ(meaning({0x93, 0x7D}).exponent, 0);   // VIFE 7D: × 10^3
  EXPECT_EQ(meaning({0x93, 0x3C}).modifier, 0x3C);
  EXPECT_TRUE(meaning({0xFF, 0x20}).manufacturer_specific);
  EXPECT_EQ(meaning({0x6B}).kind->suffix, "bar");
}

TEST(MbusIdentityTest, WildcardsMatchAndTextsComeBack) {
  Identity device = Identity::Read(FromHex("76 57 02 00 2D 48 03 07"));
  EXPECT_EQ(device.Text().view(), "RAM00025776");
  Identity wanted = Identity::Read(FromHex("FF 57 02 00 FF FF FF FF"));
  EXPECT_TRUE(wanted.IsWildcard());
  EXPECT_TRUE(wanted.Matches(device));
  wanted.number = 0xFFF35776;
  EXPECT_FALSE(wanted.Matches(device));
  Identity parsed;
  ASSERT_TRUE(Identity::Parse("RAM00025776", parsed));
  EXPECT_EQ(parsed.number, device.number);
  EXPECT_EQ(parsed.manufacturer, device.manufacturer);
  EXPECT_FALSE(Identity::Parse("ram00025776", parsed));
  EXPECT_FALSE(Identity::Parse("RAM0002577", parsed));
}

TEST(MbusMessageTest, RequestsAreWhatTheStandardSays) {
  std::array<std::byte, kMaxFrame> out;
  const auto same = [&out](const Written& written, const char* hex) {
    const auto expected = FromHex(hex);
    return written.error.ok() && std::equal(expected.begin(), expected.end(), out.begin(),
                                            out.begin() + static_cast<ptrdiff_t>(written.size));
  };
  EXPECT_TRUE(same(WriteReset(1, out), "10 40 01 41 16"));
  EXPECT_TRUE(same(WriteRequest(0xFD, false, out), "10 5B FD 58 16"));
  EXPECT_TRUE(same(WriteRequest(0xFD, true, out), "10 7B FD 78 16"));
  Identity wanted = Identity::Read(FromHex("FF 57 02 00 FF FF FF FF"));
  EXPECT_TRUE(same(WriteSelect(wanted, out), "68 0B 0B 68 53 FD 52 FF 57 02 00 FF FF FF FF F6 16"));
}

TEST(MbusMessageTest, FirstRecordOfAQuantityStands) {
  Observation seen;
  ObserveRecords(FromHex("04 13 01 00 00 00 04 13 02 00 00 00 04 93 3C 05 00 00 00 84 10 13 09 00 "
                         "00 00 44 13 FF FF FF FF 14 13 07 00 00 00 04 6D 39 0E AF 1A"),
                 0, seen);
  ASSERT_EQ(seen.registers.size(), 2u);
  EXPECT_EQ(seen.Find(Quantity::kVolume)->raw, 1);
  EXPECT_EQ(seen.Find(Quantity::kReverseVolume)->raw, 5);
  EXPECT_EQ(seen.Find(Quantity::kVolume, Storage::kSettlement, 1), nullptr);
  ASSERT_EQ(seen.rejections.size(), 1u);
  EXPECT_EQ(seen.time_quality, TimeQuality::kStated);
}

TEST(MbusFixedTest, EveryStructureComesBackInEitherByteOrder) {
  std::mt19937_64 random(1434);
  std::array<std::byte, FixedStructure::kSize> bytes;
  const int rounds = Rounds(100'000);
  for (int round = 0; round < rounds; ++round) {
    FixedStructure sent;
    sent.number = static_cast<uint32_t>(random());
    sent.access = static_cast<uint8_t>(random());
    sent.status = static_cast<uint8_t>(random());
    sent.medium = static_cast<uint8_t>(random() & 0x0F);
    for (size_t i = 0; i < 2; ++i) {
      sent.units[i] = static_cast<uint8_t>(random() & 0x3F);
      sent.counters[i] = static_cast<uint32_t>(random());
    }
    const bool high_first = random() % 2 == 0;
    WriteFixed(sent, high_first, bytes.data());
    FixedStructure read;
    ASSERT_TRUE(ParseFixed(bytes, high_first, read));
    ASSERT_EQ(read.number, sent.number);
    ASSERT_EQ(read.access, sent.access);
    ASSERT_EQ(read.status, sent.status);
    ASSERT_EQ(read.medium, sent.medium);
    ASSERT_EQ(read.units, sent.units);
    ASSERT_EQ(read.counters, sent.counters);
  }
  FixedStructure read;
  EXPECT_FALSE(ParseFixed(Bytes(bytes).first(15), false, read));
}

// value = raw × 10^exponent unit, of the first counter with this unit code
struct UnitCase {
  uint8_t code;
  Quantity quantity;
  Unit unit;
  int exponent;
};

TEST(MbusFixedTest, UnitsAreThoseOfTheStandard) {
  constexpr UnitCase kCases[] = {{0x02, Quantity::kEnergy, Unit::kKilowattHour, -3},
                                 {0x05, Quantity::kEnergy, Unit::kKilowattHour, 0},
                                 {0x07, Quantity::kEnergy, Unit::kMegawattHour, -1},
                                 {0x09, Quantity::kEnergy, Unit::kKilowattHour, 4},
                                 {0x0A, Quantity::kEnergy, Unit::kMegawattHour, 2},
                                 {0x0E, Quantity::kEnergy, Unit::kMegajoule, 0},
                                 {0x13, Quantity::kEnergy, Unit::kGigajoule, 2},
                                 {0x14, Quantity::kPower, Unit::kKilowatt, -3},
                                 {0x1C, Quantity::kPower, Unit::kMegawatt, 2},
                                 {0x1D, Quantity::kPower, Unit::kMegajoulePerHour, -3},
                                 {0x26, Quantity::kVolume, Unit::kCubicMetre, -6},
                                 {0x29, Quantity::kVolume, Unit::kCubicMetre, -3},
                                 {0x2C, Quantity::kVolume, Unit::kCubicMetre, 0},
                                 {0x2E, Quantity::kVolume, Unit::kCubicMetre, 2},
                                 {0x32, Quantity::kFlow, Unit::kCubicMetrePerHour, -3},
                                 {0x37, Quantity::kFlow, Unit::kCubicMetrePerHour, 2},
                                 {0x38, Quantity::kSupplyTemperature, Unit::kCelsius, -3}};
  std::array<std::byte, FixedStructure::kSize> bytes;
  for (const UnitCase& item : kCases) {
    FixedStructure fixed;
    fixed.units = {item.code, 0x3E};
    fixed.counters = {0x00001234, 0x00000034};
    WriteFixed(fixed, true, bytes.data());
    Observation seen;
    ASSERT_TRUE(ObserveFixed(bytes, true, 7, seen).ok());
    const Register* now = seen.Find(item.quantity);
    const Register* then = seen.Find(item.quantity, Storage::kSettlement, 1);
    ASSERT_NE(now, nullptr) << int{item.code};
    ASSERT_NE(then, nullptr) << int{item.code};
    EXPECT_EQ(now->unit, item.unit) << int{item.code};
    EXPECT_EQ(now->exponent, item.exponent) << int{item.code};
    EXPECT_EQ(now->raw, 1234);
    EXPECT_EQ(then->raw, 34);
    EXPECT_EQ(now->place.offset, 7 + 8);
    EXPECT_EQ(then->place.offset, 7 + 12);
  }
}

TEST(MbusFixedTest, StatusTellsCodingAndDay) {
  FixedStructure fixed;
  fixed.status = FixedStructure::kBinary | FixedStructure::kStored | kStatusPowerLow;
  fixed.units = {0x29, 0x05};
  fixed.counters = {0xFFFFFFFE, 0x10};
  std::array<std::byte, FixedStructure::kSize> bytes;
  WriteFixed(fixed, false, bytes.data());
  Observation seen;
  ASSERT_TRUE(ObserveFixed(bytes, false, 0, seen).ok());
  EXPECT_EQ(seen.Find(Quantity::kVolume, Storage::kSettlement, 1)->raw, -2);
  EXPECT_EQ(seen.Find(Quantity::kEnergy, Storage::kSettlement, 1)->raw, 16);
  EXPECT_EQ(seen.battery, BatteryState::kLow);
  EXPECT_EQ(ObserveFixed(Bytes(bytes).first(15), false, 0, seen).fault, Fault::kLayout);
}

TEST(MbusTest, FlagsThatAProfileNamesAreAlarms) {
  Profile profile;
  profile.flags.push_back(
      {{0xFF, 0x20}, 0x0F, {{2, "LEAK", Alarm::kLeak}, {4, "X", Alarm::kBurst}}});
  Observation seen;
  ObserveRecords(FromHex("02 FF 20 14 00"), 0, seen, &profile);
  EXPECT_TRUE(seen.alarms.Has(Alarm::kLeak));
  EXPECT_FALSE(seen.alarms.Has(Alarm::kBurst));
}

TEST(MbusTest, ModesThatNobodyDefinedAreTheSignatureOfOldMeters) {
  const auto frame = FromHex(
      "68 31 31 68 08 01 72 45 58 57 03 B4 05 34 04 9E 00 27 B6 03 06 F9 34 15 03 15 C6 00 4D 05 "
      "2E "
      "00 00 00 00 05 3D 00 00 00 00 05 5B 22 F3 26 42 05 5F C7 DA 0D 42 FA 16");
  Observation seen;
  ASSERT_TRUE(Observe(frame, {}, seen).ok());
  EXPECT_EQ(seen.Find(Quantity::kEnergy)->raw, 1389817);
}

}  // namespace
}  // namespace karez::protocols::mbus
