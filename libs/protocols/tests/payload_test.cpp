// Payloads by layouts: values, what is no value, and the way back to bytes.
#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/codec.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/payload/message.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/tests/rounds.h"

namespace karez::protocols::payload {
namespace {

const ProfileCatalogue& Catalogue() {
  static const ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  return catalogue;
}

const MeterProfile& Axioma() {
  const MeterProfile* profile = Catalogue().FindMeter("axioma-qalcosonic-w1");
  EXPECT_NE(profile, nullptr);
  return *profile;
}

constexpr std::string_view kHourly =
    "0EA0355D302935000054C0345DE7290000B800B900B800B800B800B900B800B800B800B800B800B800B900B900B9"
    "00";

TEST(PayloadTest, AnHourlyLogBecomesAnObservation) {
  Observation seen;
  ASSERT_TRUE(Decode(Axioma(), FromHex(kHourly), seen).ok());
  ASSERT_EQ(seen.registers.size(), 2u);
  EXPECT_EQ(seen.registers[0].raw, 13609);
  EXPECT_EQ(seen.registers[0].unit, Unit::kLitre);
  EXPECT_EQ(seen.registers[1].storage, Storage::kFreeze);
  ASSERT_EQ(seen.series.size(), 1u);
  EXPECT_EQ(seen.series[0].base, 10727);
  EXPECT_EQ(seen.series[0].increments.size(), 15u);
  EXPECT_EQ(TimeText(seen.series[0].start), "2019-07-21T19:43:16");
  EXPECT_EQ(TimeText(seen.device_time), "2019-07-22T11:37:50");
  EXPECT_TRUE(seen.alarms.Has(Alarm::kLeak));
  EXPECT_EQ(seen.battery, BatteryState::kOk);
  EXPECT_EQ(seen.status, 0x30u);
}

TEST(PayloadTest, NoValueNeverBecomesANumber) {
  std::vector<std::byte> bytes = FromHex(kHourly);
  for (size_t i = 0; i < 4; ++i) bytes[i] = bytes[5 + i] = bytes[9 + i] = std::byte{0xFF};
  bytes[17] = bytes[18] = std::byte{0xFF};
  Observation seen;
  ASSERT_TRUE(Decode(Axioma(), bytes, seen).ok());
  EXPECT_EQ(seen.time_quality, TimeQuality::kNoClock);
  EXPECT_EQ(seen.registers.size(), 1u);
  EXPECT_EQ(seen.rejections.size(), 3u);
  EXPECT_TRUE(seen.series.empty());  // its time is not known

  Message message;
  ASSERT_TRUE(ParsePayload(bytes, Axioma().payload, 100, message).ok());
  EXPECT_EQ(message.increments[0], kAbsent);
  std::array<std::byte, 64> again;
  const Written written = WritePayload(message, again);
  EXPECT_EQ(CompactHex(Bytes(again).first(written.size)), CompactHex(bytes));
}

TEST(PayloadTest, ALayoutIsChosenByPortBeginAndSize) {
  const std::vector<std::byte> bytes = FromHex(kHourly);
  Message message;
  EXPECT_EQ(ParsePayload(bytes, Axioma().payload, 99, message).fault, Fault::kIdentifier);
  const Error error = ParsePayload(Bytes(bytes).first(46), Axioma().payload, 100, message);
  EXPECT_EQ(error.fault, Fault::kLayout);
  EXPECT_EQ(error.expected, 47u);
  EXPECT_EQ(error.found, 46u);
  EXPECT_EQ(ParsePayload({}, Axioma().payload, {}, message).fault, Fault::kLayout);
  const MeterProfile* kingda = Catalogue().FindMeter("kingda-bc95");
  ASSERT_NE(kingda, nullptr);
  EXPECT_EQ(ParsePayload(bytes, kingda->payload, {}, message).fault, Fault::kIdentifier);
}

FieldSpec Field(Form form, uint16_t offset, uint16_t size, ByteOrder order) {
  FieldSpec field;
  field.name = "f";
  field.form = form;
  field.offset = offset;
  field.size = size;
  field.order = order;
  return field;
}

// Every form in both byte orders, one behind the other.
Profile AllForms() {
  Layout layout;
  layout.name = "all";
  constexpr std::pair<Form, uint16_t> kForms[] = {
      {Form::kUnsigned, 1},  {Form::kUnsigned, 3}, {Form::kUnsigned, 8}, {Form::kSigned, 1},
      {Form::kSigned, 2},    {Form::kSigned, 8},   {Form::kBcd, 4},      {Form::kBcd, 8},
      {Form::kText, 6},      {Form::kBytes, 5},    {Form::kUnixTime, 4}, {Form::kClock, 6},
      {Form::kClock, 7},     {Form::kClockBcd, 6}, {Form::kClockBcd, 7}, {Form::kClockText, 12},
      {Form::kClockText, 14}};
  for (const ByteOrder order : {ByteOrder::kLittle, ByteOrder::kBig}) {
    for (const auto& [form, size] : kForms) {
      layout.fields.push_back(Field(form, layout.size, size, order));
      layout.size = static_cast<uint16_t>(layout.size + size);
    }
  }
  SeriesSpec series;
  series.offset = layout.size;
  series.bits = 24;
  series.count = 10;
  layout.size = static_cast<uint16_t>(layout.size + 30);
  layout.series = series;
  Profile profile;
  profile.layouts.push_back(layout);
  return profile;
}

TEST(PayloadTest, RandomBytesComeBack) {
  const Profile profile = AllForms();
  const size_t size = profile.layouts[0].size;
  std::mt19937_64 random(7);
  std::vector<std::byte> bytes(size);
  std::vector<std::byte> again(size);
  const int rounds = Rounds(20000);
  for (int i = 0; i < rounds; ++i) {
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    // A text ends where its filling begins.
    for (const FieldSpec& field : profile.layouts[0].fields) {
      if (field.form == Form::kText) bytes[field.offset + field.size - 1u] = std::byte{'x'};
    }
    Message message;
    ASSERT_TRUE(ParsePayload(bytes, profile, {}, message).ok());
    ASSERT_TRUE(WritePayload(message, again).error.ok());
    ASSERT_EQ(CompactHex(again), CompactHex(bytes));
  }
}

LocalTime RandomTime(std::mt19937_64& random, int last_year) {
  const auto part = [&](unsigned first, unsigned count) {
    return static_cast<uint8_t>(first + random() % count);
  };
  return {static_cast<uint16_t>(2000 + random() % static_cast<unsigned>(last_year - 1999)),
          part(1, 12),
          part(1, 28),
          part(0, 24),
          part(0, 60),
          part(0, 60)};
}

TEST(PayloadTest, RandomValuesComeBack) {
  const Profile profile = AllForms();
  std::mt19937_64 random(8);
  const std::array<std::byte, 6> text = {std::byte{'9'}, std::byte{'1'}, std::byte{'2'}};
  const int rounds = Rounds(20000);
  for (int i = 0; i < rounds; ++i) {
    Message message;
    message.layout = &profile.layouts[0];
    for (const FieldSpec& field : message.layout->fields) {
      Value value;
      const unsigned bits = field.size < 8 ? 8u * field.size : 63u;
      value.number = static_cast<int64_t>(random() % ((uint64_t{1} << bits) - 1));
      if (field.form == Form::kSigned) value.number = value.number / 2 - value.number % 2;
      if (field.form == Form::kBcd) {
        value.number =
            static_cast<int64_t>(random() % (field.size == 8 ? 9999999999999999u : 99999999u));
      }
      value.time = RandomTime(random, 2099);
      value.bytes =
          Bytes(text).first(field.form == Form::kText ? 3 : std::min<size_t>(5, field.size));
      message.values.push_back(value);
    }
    for (int n = 0; n < 10; ++n)
      message.increments.push_back(static_cast<int64_t>(random() % 0xFFFFFF));
    std::array<std::byte, 512> out;
    const Written written = WritePayload(message, out);
    ASSERT_TRUE(written.error.ok()) << written.error.position;
    Message read;
    ASSERT_TRUE(ParsePayload(Bytes(out).first(written.size), profile, {}, read).ok());
    for (size_t f = 0; f < read.values.size(); ++f) {
      const Form form = message.layout->fields[f].form;
      ASSERT_FALSE(read.values[f].rejected) << f;
      if (form == Form::kUnsigned || form == Form::kSigned || form == Form::kBcd) {
        ASSERT_EQ(read.values[f].number, message.values[f].number) << f;
      } else if (form == Form::kText || form == Form::kBytes) {
        ASSERT_EQ(CompactHex(read.values[f].bytes), CompactHex(message.values[f].bytes));
      } else {
        ASSERT_EQ(read.values[f].time, message.values[f].time) << f;
      }
    }
    ASSERT_TRUE(std::equal(read.increments.begin(), read.increments.end(),
                           message.increments.begin(), message.increments.end()));
  }
}

// 5 bits each from the lowest on, then 4 bits of another field.
TEST(PayloadTest, IncrementsOfBitsShareTheirLastByte) {
  Profile profile;
  Layout& layout = profile.layouts.emplace_back();
  layout.size = 3;
  FieldSpec rest = Field(Form::kUnsigned, 2, 1, ByteOrder::kLittle);
  rest.shift = 4;
  layout.fields.push_back(rest);
  SeriesSpec series;
  series.bits = 5;
  series.count = 4;
  series.order = ByteOrder::kLittle;
  layout.series = series;
  const std::vector<std::byte> bytes = FromHex("41FC95");
  Message message;
  ASSERT_TRUE(ParsePayload(bytes, profile, {}, message).ok());
  ASSERT_EQ(message.increments.size(), 4u);
  EXPECT_EQ(message.increments[0], 1);
  EXPECT_EQ(message.increments[1], 2);
  EXPECT_EQ(message.increments[2], kAbsent);
  EXPECT_EQ(message.increments[3], 11);
  EXPECT_EQ(message.values[0].number, 9);
  std::array<std::byte, 3> again;
  ASSERT_TRUE(WritePayload(message, again).error.ok());
  EXPECT_EQ(CompactHex(again), "41fc95");
  message.increments[3] = 32;
  EXPECT_EQ(WritePayload(message, again).error.fault, Fault::kValue);
  message.increments[3] = 0;
  message.values[0].number = 16;
  EXPECT_EQ(WritePayload(message, again).error.fault, Fault::kValue);
}

TEST(PayloadTest, ADayOfHoursBeginsTheDayBefore) {
  Observation seen;
  ASSERT_TRUE(
      Decode(Axioma(),
             FromHex("011FBFD05E30CD0F0800D4879E41865C1B42470D7283B8201608FEC181981DD007F391"
                     "9460218247B631784C1C9E87B8E17600"),
             seen)
          .ok());
  ASSERT_EQ(seen.series.size(), 1u);
  EXPECT_EQ(TimeText(seen.series[0].start), "2020-05-28T01:00:00");
  EXPECT_EQ(seen.series[0].base, 528333);
  int64_t total = seen.series[0].base;
  for (const int64_t increment : seen.series[0].increments) total += increment;
  EXPECT_EQ(total, 573662);
}

// The way down: what the program sets becomes the bytes of the vendor's comments.
TEST(PayloadTest, ARequestIsWritten) {
  const MeterProfile* kingda = Catalogue().FindMeter("kingda-bc95");
  ASSERT_NE(kingda, nullptr);
  const auto& layouts = kingda->payload.layouts;
  const auto set = std::find_if(layouts.begin(), layouts.end(),
                                [](const Layout& l) { return l.name == "set_reading"; });
  ASSERT_NE(set, layouts.end());
  Message message;
  message.layout = &*set;
  for (const int64_t number : {4, 3, 1, 123}) {
    Value value;
    value.number = number;
    message.values.push_back(value);
  }
  std::array<std::byte, 16> out;
  const Written written = WritePayload(message, out);
  ASSERT_TRUE(written.error.ok());
  EXPECT_EQ(CompactHex(Bytes(out).first(written.size)), "040003010000007b");
  Observation seen;
  ASSERT_TRUE(Decode(*kingda, Bytes(out).first(written.size), seen).ok());
  EXPECT_EQ(seen.kind, Kind::kRequest);
  EXPECT_EQ(seen.sequence, 3u);
}

constexpr std::string_view kTotal = "68260410000017000A81160010900040E20100EC9216";

TEST(PayloadTest, AFrameIsOpenedAndClosed) {
  const MeterProfile* profile = Catalogue().FindMeter("sanchuan-nb");
  ASSERT_NE(profile, nullptr);
  const std::vector<std::byte> bytes = FromHex(kTotal);
  Message message;
  ASSERT_TRUE(ParsePayload(bytes, profile->payload, {}, message).ok());
  std::array<std::byte, 64> again;
  const Written written = WritePayload(message, again);
  ASSERT_TRUE(written.error.ok());
  EXPECT_EQ(CompactHex(Bytes(again).first(written.size)), CompactHex(bytes));

  const std::vector<std::byte> woken = FromHex("AAAAFEFE" + std::string(kTotal));
  Observation seen;
  ASSERT_TRUE(Decode(*profile, woken, seen).ok());
  EXPECT_EQ(seen.device_id.view(), "260410000017");
  ASSERT_EQ(seen.registers.size(), 1u);
  EXPECT_EQ(seen.registers[0].raw, 123456);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ParsePayload(Bytes(bytes).first(size), profile->payload, {}, message).ok());
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::vector<std::byte> bad = bytes;
    bad[i] ^= std::byte{0x10};
    EXPECT_FALSE(ParsePayload(bad, profile->payload, {}, message).ok()) << i;
  }
}

TEST(PayloadTest, ARefusalCarriesNoValues) {
  const MeterProfile* profile = Catalogue().FindMeter("sanchuan-nb");
  ASSERT_NE(profile, nullptr);
  Observation seen;
  ASSERT_TRUE(Decode(*profile, FromHex("68260410000017000A8116001090010000000041AB16"), seen).ok());
  EXPECT_EQ(seen.kind, Kind::kRefused);
  EXPECT_TRUE(seen.registers.empty());
}

TEST(PayloadTest, CountersAndResultsMayBeAllOnes) {
  ProfileCatalogue catalogue;
  ASSERT_TRUE(catalogue
                  .AddMeter("counted", R"({"vendor": "v", "model": "m", "protocol": "payload",
    "payload": {"layouts": [{"name": "a", "size": 3, "fields": [
      {"name": "mid", "offset": 0, "type": "u8", "role": "sequence"},
      {"name": "result", "offset": 1, "type": "u8", "role": "result"},
      {"name": "volume", "offset": 2, "type": "u8", "quantity": "volume", "unit": "L"}]}]},
    "examples": [{"frame": "FF 00 05", "expect": {"mid": 255, "volume": "0.005 m3"}}]})")
                  .empty());
  Observation seen;
  ASSERT_TRUE(Decode(*catalogue.FindMeter("counted"), FromHex("FFFF05"), seen).ok());
  EXPECT_EQ(seen.sequence, 255u);
  EXPECT_EQ(seen.kind, Kind::kRefused);
  EXPECT_TRUE(seen.registers.empty());
}

TEST(PayloadTest, WhatDoesNotFitIsNotWritten) {
  Layout layout;
  layout.size = 2;
  layout.fields.push_back(Field(Form::kUnsigned, 0, 1, ByteOrder::kBig));
  layout.fields.push_back(Field(Form::kSigned, 1, 1, ByteOrder::kBig));
  Message message;
  message.layout = &layout;
  message.values.push_back({});
  message.values.push_back({});
  std::array<std::byte, 2> out;
  EXPECT_TRUE(WritePayload(message, out).error.ok());
  message.values[0].number = 256;
  EXPECT_EQ(WritePayload(message, out).error.fault, Fault::kValue);
  message.values[0].number = -1;
  EXPECT_EQ(WritePayload(message, out).error.fault, Fault::kValue);
  message.values[0].number = 0;
  message.values[1].number = 128;
  EXPECT_EQ(WritePayload(message, out).error.position, 1);
  EXPECT_EQ(WritePayload(message, std::span(out).first(1)).error.fault, Fault::kBuffer);
}

}  // namespace
}  // namespace karez::protocols::payload
