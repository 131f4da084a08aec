#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/cjt188/message.h"
#include "libs/protocols/codec.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols::cjt188 {
namespace {

constexpr std::string_view kWaterReply =
    "68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C 31 01 22 11 05 15 20 "
    "21 84 13 16";

Observation Observed(std::string_view hex, const Profile& meter) {
  MeterProfile profile;
  profile.cjt188 = meter;
  Observation observation;
  const Error error = Decode(profile, FromHex(hex), observation);
  EXPECT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
  return observation;
}

Fault FaultOf(std::string_view hex, const Profile& profile = {}) {
  Message message;
  return ParseMessage(FromHex(hex), profile, message).fault;
}

std::string Request(const MeterProfile& profile, Ask ask, uint32_t sequence) {
  std::array<std::byte, kMaxRequest> out;
  const Encoded encoded = EncodeRequest(profile, "78330011223344", ask, sequence, out);
  EXPECT_TRUE(encoded.error.ok()) << Name(encoded.error.fault);
  return std::string(reinterpret_cast<const char*>(out.data()), encoded.size);
}

std::string BytesOf(std::string_view hex) {
  const std::vector<std::byte> bytes = FromHex(hex);
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

TEST(Cjt188Test, WaterReplyBecomesRegistersClockAndState) {
  const Observation seen = Observed(kWaterReply, {});
  EXPECT_EQ(seen.kind, Kind::kReading);
  EXPECT_EQ(seen.device_id.view(), "78330011223344");
  EXPECT_EQ(seen.device_type, 0x10);
  EXPECT_EQ(seen.identifier, 0x901Fu);
  ASSERT_NE(seen.Find(Quantity::kVolume), nullptr);
  EXPECT_EQ(ToMillilitres(seen.Find(Quantity::kVolume)->raw, seen.Find(Quantity::kVolume)->exponent,
                          seen.Find(Quantity::kVolume)->unit),
            556677000000);
  const Register* settled = seen.Find(Quantity::kVolume, Storage::kSettlement, 1);
  ASSERT_NE(settled, nullptr);
  EXPECT_EQ(settled->raw, 55667700);
  EXPECT_EQ(settled->exponent, -2);
  EXPECT_EQ(settled->place.offset, 19);
  EXPECT_EQ(seen.time_quality, TimeQuality::kStated);
  EXPECT_EQ(seen.device_time, (LocalTime{2015, 5, 11, 22, 1, 31}));
  EXPECT_EQ(seen.valve, ValveState::kClosed);
  EXPECT_EQ(seen.battery, BatteryState::kOk);
  EXPECT_EQ(seen.status, 0x2184u);
}

TEST(Cjt188Test, ProfileDecidesDecimalsAndUnit) {
  Profile profile;
  profile.volume_decimals = 3;
  EXPECT_EQ(Observed(kWaterReply, profile).Find(Quantity::kVolume)->exponent, -3);
  profile.unit_override = 0x2D;  // m3 x 10
  EXPECT_EQ(Observed(kWaterReply, profile).Find(Quantity::kVolume)->exponent, -2);
  EXPECT_EQ(Observed(kWaterReply, profile).Find(Quantity::kVolume)->unit, Unit::kCubicMetre);
}

TEST(Cjt188Test, BothIdentifierOrdersAreUnderstoodWhateverTheProfileSends) {
  for (const DiOrder order : {DiOrder::kHighFirst, DiOrder::kLowFirst}) {
    Profile profile;
    profile.di_order = order;
    EXPECT_EQ(FaultOf("68 10 AA AA AA AA AA AA AA 01 03 90 1F 01 D2 16", profile), Fault::kNone);
    EXPECT_EQ(FaultOf("68 10 AA AA AA AA AA AA AA 01 03 1F 90 01 D2 16", profile), Fault::kNone);
  }
}

TEST(Cjt188Test, FieldWithoutValueIsRejectedAndTheFrameStands) {
  const Observation seen = Observed(
      "68 10 45 41 10 05 15 33 78 81 16 90 1F AA 00 59 59 00 2C FF FF FF FF 2C FF FF FF FF FF FF "
      "FF "
      "00 00 C2 16",
      {});
  EXPECT_NE(seen.Find(Quantity::kVolume), nullptr);
  EXPECT_EQ(seen.Find(Quantity::kVolume, Storage::kSettlement, 1), nullptr);
  EXPECT_EQ(seen.time_quality, TimeQuality::kNoClock);
  ASSERT_EQ(seen.rejections.size(), 2u);
  EXPECT_EQ(seen.rejections[0].field, "settlement");
  EXPECT_EQ(seen.rejections[0].reason, RejectReason::kNoValue);
  EXPECT_EQ(seen.rejections[1].field, "meter_time");
}

TEST(Cjt188Test, EachCheckIsReportedAtItsByte) {
  const std::vector<std::byte> good = FromHex(kWaterReply);
  const auto check = [](std::vector<std::byte> bytes) {
    Header header;
    Bytes data;
    return ParseLink(bytes, header, data);
  };
  auto bytes = good;
  bytes[0] = std::byte{0x69};
  EXPECT_EQ(check(bytes).fault, Fault::kStart);
  bytes = good;
  bytes[10] = std::byte{0x65};
  EXPECT_EQ(check(bytes).fault, Fault::kLength);
  bytes = good;
  bytes.back() = std::byte{0x17};
  EXPECT_EQ(check(bytes).fault, Fault::kEnd);
  EXPECT_EQ(check(bytes).position, 34);
  bytes = good;
  bytes[20] = std::byte{0x78};
  EXPECT_EQ(check(bytes).fault, Fault::kChecksum);
  EXPECT_EQ(check(bytes).expected, 0x14u);
  EXPECT_EQ(check(bytes).found, 0x13u);
  bytes = good;
  bytes.push_back(std::byte{0});
  EXPECT_EQ(check(bytes).fault, Fault::kLength);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(check({good.begin(), good.begin() + static_cast<ptrdiff_t>(size)}).ok()) << size;
  }
}

TEST(Cjt188Test, DialectWithFiveByteAddressIsRefusedAtOnce) {
  const auto head = FromHex("68 AA 01 00 05 08 00 81 16 1F 90");
  EXPECT_EQ(Probe{}(head).match, Match::kNo);
}

TEST(Cjt188Test, RequestsAreWrittenAsTheProfileSays) {
  MeterProfile profile;
  profile.cjt188.wake_up_bytes = 2;
  EXPECT_EQ(Request(profile, Ask::kCurrent, 0x101),
            BytesOf("FE FE 68 10 44 33 22 11 00 33 78 01 03 90 1F 01 81 16"));
  profile.cjt188.wake_up_bytes = 0;
  profile.cjt188.di_order = DiOrder::kLowFirst;
  EXPECT_EQ(Request(profile, Ask::kCurrent, 0),
            BytesOf("68 10 44 33 22 11 00 33 78 01 03 1F 90 00 80 16"));
  EXPECT_EQ(Request(profile, Ask::kSettlement, 0),
            BytesOf("68 10 44 33 22 11 00 33 78 01 03 20 D1 00 C2 16"));
}

TEST(Cjt188Test, SeriesCanBeAskedForOnlyWhereTheProfileHasOne) {
  MeterProfile profile;
  std::array<std::byte, kMaxRequest> out;
  EXPECT_EQ(EncodeRequest(profile, "78330011223344", Ask::kSeries, 0, out).error.fault,
            Fault::kNotSupported);
  SeriesSpec series;
  series.identifier = 0xD500;
  profile.cjt188.series.push_back(series);
  EXPECT_TRUE(EncodeRequest(profile, "78330011223344", Ask::kSeries, 0, out).error.ok());
}

TEST(Cjt188Test, ValveCodesOfVendorsAreSentOnlyWhenTheProfileNamesThem) {
  MeterProfile profile;
  std::array<std::byte, kMaxRequest> out;
  const Encoded open = EncodeValve(profile, "78331505900569", ValveCommand::kOpen, 1, out);
  ASSERT_TRUE(open.error.ok());
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(out.data()), open.size),
            BytesOf("68 10 69 05 90 05 15 33 78 04 04 A0 17 01 55 50 16"));
  EXPECT_EQ(EncodeValve(profile, "78331505900569", ValveCommand::kHalfOpen, 1, out).error.fault,
            Fault::kNotSupported);
  profile.cjt188.valve.half_open = 0x77;
  EXPECT_TRUE(EncodeValve(profile, "78331505900569", ValveCommand::kHalfOpen, 1, out).error.ok());
}

TEST(Cjt188Test, RequestNeedsARoomyBufferAndAnAddress) {
  MeterProfile profile;
  std::array<std::byte, 8> small;
  const Encoded refused = EncodeRequest(profile, "78330011223344", Ask::kCurrent, 0, small);
  EXPECT_EQ(refused.error.fault, Fault::kBuffer);
  EXPECT_EQ(refused.error.expected, 16u);
  std::array<std::byte, kMaxRequest> out;
  for (const char* address : {"", "7833001122334", "7833001122334G", "783300112233440"}) {
    EXPECT_EQ(EncodeRequest(profile, address, Ask::kCurrent, 0, out).error.fault, Fault::kValue);
  }
}

TEST(Cjt188Test, DeviceIdIsFourteenUpperCaseHexDigits) {
  EXPECT_TRUE(IsDeviceId(Protocol::kCjt188, "78331505AB0569"));
  EXPECT_FALSE(IsDeviceId(Protocol::kCjt188, "78331505ab0569"));
  EXPECT_FALSE(IsDeviceId(Protocol::kCjt188, "783315"));
  FixedText<40> id;
  ASSERT_TRUE(ReadDeviceId(Protocol::kCjt188, FromHex(kWaterReply), id).ok());
  EXPECT_EQ(id.view(), "78330011223344");
}

TEST(Cjt188Test, RefusalKeepsItsCodeAndSaysNothingOfTheValve) {
  const Observation seen = Observed("68 10 11 22 33 44 55 66 77 C1 03 01 11 22 4C 16", {});
  EXPECT_EQ(seen.kind, Kind::kRefused);
  EXPECT_EQ(seen.status, 0x1122u);
  EXPECT_EQ(seen.valve, ValveState::kUnknown);
}

TEST(Cjt188Test, OwnRequestHeardAgainIsARequest) {
  EXPECT_EQ(Observed("68 10 44 33 22 11 00 33 78 01 03 1F 90 00 80 16", {}).kind, Kind::kRequest);
}

TEST(MillilitresTest, AreExactOrNothing) {
  EXPECT_EQ(ToMillilitres(12345, -2, Unit::kCubicMetre), 123450000);
  EXPECT_EQ(ToMillilitres(5, 0, Unit::kLitre), 5000);
  EXPECT_EQ(ToMillilitres(123456, -4, Unit::kCubicMetre), 12345600);
  EXPECT_EQ(ToMillilitres(10, -7, Unit::kCubicMetre), 1);
  EXPECT_EQ(ToMillilitres(11, -7, Unit::kCubicMetre), std::nullopt);
  EXPECT_EQ(ToMillilitres(INT64_MAX, 0, Unit::kCubicMetre), std::nullopt);
  EXPECT_EQ(ToMillilitres(1, 0, Unit::kKilowattHour), std::nullopt);
  EXPECT_EQ(ToMillilitres(0, 100, Unit::kLitre), 0);
}

TEST(LocalTimeTest, OnlyDatesOfTheCalendarAreValid) {
  EXPECT_TRUE(IsValid({2024, 2, 29, 23, 59, 59}));
  EXPECT_FALSE(IsValid({2023, 2, 29, 0, 0, 0}));
  EXPECT_FALSE(IsValid({2023, 13, 1, 0, 0, 0}));
  EXPECT_FALSE(IsValid({2023, 4, 31, 0, 0, 0}));
  EXPECT_FALSE(IsValid({2023, 4, 30, 24, 0, 0}));
  EXPECT_FALSE(IsValid({1999, 4, 30, 0, 0, 0}));
}

}  // namespace
}  // namespace karez::protocols::cjt188
