#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/codec.h"
#include "libs/protocols/dlt645/message.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols::dlt645 {
namespace {

constexpr std::string_view kReading = "68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16";

using Buffer = std::array<std::byte, kMaxFrame>;

std::string Text(Bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string BytesOf(std::string_view hex) { return Text(FromHex(hex)); }

// A frame of the meter 123456789012; `plain` is DATA without the offset.
std::vector<std::byte> Frame(uint8_t control, std::string_view plain) {
  Header header;
  EXPECT_TRUE(Address::Parse("123456789012", header.address));
  header.control = control;
  Buffer out;
  const Written written = WriteLink(header, FromHex(plain), 0, out);
  EXPECT_TRUE(written.error.ok());
  return {out.begin(), out.begin() + static_cast<ptrdiff_t>(written.size)};
}

Observation Observed(Bytes frame, const Profile& meter = {}) {
  MeterProfile profile;
  profile.protocol = Protocol::kDlt645;
  profile.dlt645 = meter;
  Observation seen;
  const Error error = Decode(profile, frame, seen);
  EXPECT_TRUE(error.ok()) << Name(error.fault) << " at " << error.position;
  return seen;
}

Error ErrorOf(Bytes frame) {
  Message message;
  return ParseMessage(frame, {}, message);
}

std::string Request(const Profile& meter, Ask ask) {
  MeterProfile profile;
  profile.protocol = Protocol::kDlt645;
  profile.dlt645 = meter;
  std::array<std::byte, kMaxRequest> out;
  const Encoded encoded = EncodeRequest(profile, "123456789012", ask, 0, out);
  EXPECT_TRUE(encoded.error.ok()) << Name(encoded.error.fault);
  return Text(Bytes(out).first(encoded.size));
}

TEST(Dlt645Test, EnergyBecomesARegister) {
  const Observation seen = Observed(FromHex(kReading));
  EXPECT_EQ(seen.kind, Kind::kReading);
  EXPECT_EQ(seen.device_id.view(), "123456789012");
  EXPECT_EQ(seen.identifier, 0x00010000u);
  ASSERT_EQ(seen.registers.size(), 1u);
  const Register& energy = seen.registers[0];
  EXPECT_EQ(energy.quantity, Quantity::kEnergy);
  EXPECT_EQ(energy.raw, 123456);
  EXPECT_EQ(energy.exponent, -2);
  EXPECT_EQ(energy.unit, Unit::kKilowattHour);
  EXPECT_EQ(energy.place.offset, 14);
}

TEST(Dlt645Test, BlockGivesTheTotalAndEachTariff) {
  const Observation seen = Observed(
      Frame(0x91, "00 FF 01 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 FF FF FF FF"));
  ASSERT_EQ(seen.registers.size(), 4u);
  for (uint8_t tariff = 0; tariff < 4; ++tariff) {
    EXPECT_EQ(seen.registers[tariff].tariff, tariff);
    EXPECT_EQ(seen.registers[tariff].raw, 100 * (tariff + 1));
  }
  EXPECT_EQ(seen.Find(Quantity::kEnergy)->tariff, 0);
  ASSERT_EQ(seen.rejections.size(), 1u);
  EXPECT_EQ(seen.rejections[0].reason, RejectReason::kNoValue);
}

TEST(Dlt645Test, VoltagesOfABlockBelongToTheirPhases) {
  const Observation seen = Observed(Frame(0x91, "00 FF 01 02 01 22 02 22 03 22"));
  ASSERT_EQ(seen.registers.size(), 3u);
  EXPECT_EQ(seen.registers[2].phase, 3);
  EXPECT_EQ(seen.registers[2].raw, 2203);
  EXPECT_EQ(seen.registers[2].exponent, -1);
}

TEST(Dlt645Test, TopBitOfAPowerIsItsSignUnlessTheProfileSaysOtherwise) {
  const auto frame = Frame(0x91, "00 00 03 02 12 25 80");
  EXPECT_EQ(Observed(frame).registers[0].raw, -2512);
  Profile profile;
  profile.top_bit_is_sign = false;
  EXPECT_EQ(Observed(frame, profile).registers[0].raw, 802512);
}

TEST(Dlt645Test, ProfileScalesARangeOfIdentifiers) {
  Profile profile;
  profile.scales.push_back({0x00010000, 0x0001FFFF, 4});
  EXPECT_EQ(Observed(FromHex(kReading), profile).registers[0].exponent, -4);
}

TEST(Dlt645Test, SettlementsAreHistoryInBothEditions) {
  const Observation seen = Observed(Frame(0x91, "01 00 01 00 00 01 00 00"));
  EXPECT_EQ(seen.kind, Kind::kHistory);
  EXPECT_NE(seen.Find(Quantity::kEnergy, Storage::kSettlement, 1), nullptr);
  const Observation old = Observed(Frame(0x81, "20 98 00 01 00 00"));
  EXPECT_EQ(old.kind, Kind::kHistory);
  EXPECT_NE(old.Find(Quantity::kReverseEnergy, Storage::kSettlement, 2), nullptr);
}

TEST(Dlt645Test, RefusalKeepsItsBits) {
  const Observation seen = Observed(FromHex("68 12 90 78 56 34 12 68 D1 01 35 8D 16"));
  EXPECT_EQ(seen.kind, Kind::kRefused);
  EXPECT_EQ(seen.status, 2u);
}

TEST(Dlt645Test, ValueThatIsNoBcdIsRejectedAndTheFrameStands) {
  const Observation seen =
      Observed(FromHex("68 18 06 36 04 00 91 68 91 08 33 33 34 33 33 33 41 33 F9 16"));
  EXPECT_TRUE(seen.registers.empty());
  ASSERT_EQ(seen.rejections.size(), 1u);
  EXPECT_EQ(seen.rejections[0].reason, RejectReason::kNotBcd);
}

TEST(Dlt645Test, ContentThatNoTableHoldsIsAnError) {
  EXPECT_EQ(ErrorOf(Frame(0x91, "99 99 99 09 00")).fault, Fault::kIdentifier);
  EXPECT_EQ(ErrorOf(Frame(0x91, "00 00 01 00 01 02 03")).fault, Fault::kLayout);
  EXPECT_EQ(ErrorOf(Frame(0x91, "00 00 01 00 01 02 03 04 05 06 07 08")).fault, Fault::kLayout);
  EXPECT_EQ(ErrorOf(Frame(0x91, "FF FF 01 00 01 02 03 04")).fault, Fault::kIdentifier);
  EXPECT_EQ(ErrorOf(Frame(0x1D, "")).fault, Fault::kControl);
  EXPECT_EQ(ErrorOf(Frame(0x51, "02")).fault, Fault::kControl);
  EXPECT_EQ(ErrorOf(Frame(0x13, "01")).fault, Fault::kLayout);
}

TEST(Dlt645Test, LongAnswerIsReadInParts) {
  Message message;
  ASSERT_TRUE(ParseMessage(Frame(0xB1, "00 FF 01 00 00 01 00 00 00 02"), {}, message).ok());
  EXPECT_TRUE(message.more_follows);
  ASSERT_EQ(message.fields.size(), 2u);  // a whole value, and half of the next
  EXPECT_EQ(message.fields[1].place.length, 2);
  ASSERT_TRUE(ParseMessage(Frame(0x92, "00 FF 01 00 00 00 01"), {}, message).ok());
  EXPECT_EQ(message.Find("seq")->value, 1);
  EXPECT_EQ(message.Find("data")->place.length, 2);
}

TEST(Dlt645Test, EachCheckIsReportedAtItsByte) {
  const std::vector<std::byte> good = FromHex(kReading);
  const auto changed = [&good](size_t at, uint8_t value) {
    std::vector<std::byte> bytes = good;
    bytes[at] = std::byte{value};
    Header header;
    Bytes sent;
    return ParseLink(bytes, header, sent);
  };
  EXPECT_EQ(changed(0, 0x69).fault, Fault::kStart);
  EXPECT_EQ(changed(7, 0x69).fault, Fault::kStart);
  EXPECT_EQ(changed(7, 0x69).position, 7);
  EXPECT_EQ(changed(9, 0xFF).fault, Fault::kLength);
  EXPECT_EQ(changed(9, 0x09).fault, Fault::kShort);
  EXPECT_EQ(changed(19, 0x17).fault, Fault::kEnd);
  EXPECT_EQ(changed(12, 0x35).fault, Fault::kChecksum);
  EXPECT_EQ(changed(12, 0x35).expected, 0x55u);
  EXPECT_EQ(changed(12, 0x35).found, 0x54u);
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(ErrorOf(Bytes(good).first(size)).ok()) << size;
  }
}

TEST(Dlt645Test, RequestsAreWrittenAsTheProfileSays) {
  Profile profile;
  EXPECT_EQ(Request(profile, Ask::kCurrent),
            BytesOf("FE FE FE FE 68 12 90 78 56 34 12 68 11 04 33 33 34 33 68 16"));
  profile.wake_up_bytes = 0;
  EXPECT_EQ(Request(profile, Ask::kSettlement),
            BytesOf("68 12 90 78 56 34 12 68 11 04 34 33 34 33 69 16"));
  profile.edition = Edition::k1997;
  EXPECT_EQ(Request(profile, Ask::kCurrent), BytesOf("68 12 90 78 56 34 12 68 01 02 43 C3 8F 16"));
  profile.current = 0xB611;
  EXPECT_EQ(Request(profile, Ask::kCurrent), BytesOf("68 12 90 78 56 34 12 68 01 02 44 E9 B6 16"));
}

TEST(Dlt645Test, CommandsAreWrittenFieldByField) {
  Address address;
  ASSERT_TRUE(Address::Parse("111111111111", address));
  Message message;
  ASSERT_TRUE(StartMessage({}, address, 0x1C, 0, 0, message).ok());
  EXPECT_TRUE(SetValue(message, IndexOf(message, "command"), 0x1A));
  EXPECT_TRUE(SetTime(message, IndexOf(message, "valid_until"), {2018, 5, 12, 15, 41, 24}));
  Buffer out;
  const Written relay = WriteMessage(message, 0, out);
  EXPECT_EQ(Text(Bytes(out).first(relay.size)),
            BytesOf("68 11 11 11 11 11 11 68 1C 10 33 33 33 33 33 33 33 33 4D 33 57 74 48 45 38 4B "
                    "55 16"));
  ASSERT_TRUE(StartMessage({}, address, 0x12, 0x03300001, 0, message).ok());
  EXPECT_TRUE(SetValue(message, IndexOf(message, "seq"), 1));
  const Written next = WriteMessage(message, 0, out);
  EXPECT_EQ(Text(Bytes(out).subspan(8, next.size - 10)), BytesOf("12 05 34 33 63 36 34"));
  ASSERT_TRUE(StartMessage({}, address, 0x15, 0, 0, message).ok());
  EXPECT_TRUE(SetValue(message, IndexOf(message, "new_address"), 0x123456789012));
  const Written renamed = WriteMessage(message, 0, out);
  EXPECT_EQ(Text(Bytes(out).subspan(8, renamed.size - 10)), BytesOf("15 06 45 C3 AB 89 67 45"));
}

TEST(Dlt645Test, ValuesThatDoNotFitAreNotWritten) {
  Address address;
  Message message;
  ASSERT_TRUE(StartMessage({}, address, 0x91, 0x02030000, 0, message).ok());
  EXPECT_TRUE(message.fields[0].rejected);  // nothing was set yet
  EXPECT_TRUE(SetValue(message, 0, -799999));
  EXPECT_FALSE(SetValue(message, 0, 800000));  // would read as a negative value
  EXPECT_FALSE(SetValue(message, 0, 1000000));
  EXPECT_FALSE(SetValue(message, 1, 0));
  EXPECT_FALSE(SetTime(message, 0, {2024, 1, 1}));
  ASSERT_TRUE(StartMessage({}, address, 0x91, 0x00010000, 0, message).ok());
  EXPECT_FALSE(SetValue(message, 0, -1));
  EXPECT_EQ(StartMessage({}, address, 0x91, 0x09999999, 8, message).fault, Fault::kIdentifier);
  EXPECT_EQ(StartMessage({}, address, 0x01, 0x19010, 0, message).fault, Fault::kIdentifier);
  ASSERT_TRUE(StartMessage({}, address, 0x14, 0x04000403, 44, message).ok());
  Buffer out;
  EXPECT_TRUE(WriteMessage(message, 0, out).error.ok());
  ASSERT_TRUE(StartMessage({}, address, 0x04, 0x9010, 51, message).ok());
  EXPECT_EQ(WriteMessage(message, 0, out).error.fault, Fault::kValue);
}

TEST(Dlt645Test, DeviceIdIsTwelveDecimalDigits) {
  EXPECT_TRUE(IsDeviceId(Protocol::kDlt645, "123456789012"));
  EXPECT_FALSE(IsDeviceId(Protocol::kDlt645, "AAAAAAAAAAAA"));
  EXPECT_FALSE(IsDeviceId(Protocol::kDlt645, "12345678901"));
  FixedText<40> id;
  ASSERT_TRUE(ReadDeviceId(Protocol::kDlt645, FromHex(kReading), id).ok());
  EXPECT_EQ(id.view(), "123456789012");
  EXPECT_FALSE(IsRequest(Protocol::kDlt645, FromHex(kReading)));
  EXPECT_TRUE(IsRequest(Protocol::kDlt645, Frame(0x11, "00 00 01 00")));
}

TEST(Dlt645Test, OldEditionHasAsManyIdentifiersAsItsTables) {
  size_t found = 0;
  for (uint32_t identifier = 0; identifier <= 0xFFFF; ++identifier) {
    Named named;
    if (FindIdentifier(Edition::k1997, identifier, named)) ++found;
  }
  EXPECT_EQ(found, 48u * 16 + 2 * 4 + 3 * 5 + 12);  // by month, by phase, single
}

}  // namespace
}  // namespace karez::protocols::dlt645
