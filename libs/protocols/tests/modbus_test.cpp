#include <array>
#include <bit>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/codec.h"
#include "libs/protocols/modbus/map.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/tests/hex.h"

namespace karez::protocols::modbus {
namespace {

using Buffer = std::array<std::byte, kMaxTcp>;

std::string Text(Bytes bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string BytesOf(std::string_view hex) { return Text(FromHex(hex)); }

// What ParseRtu says of unit, PDU and their right CRC.
Error RtuError(std::string_view hex, Direction direction) {
  std::vector<std::byte> frame = FromHex(hex);
  const uint16_t crc = Crc16(frame);
  frame.push_back(static_cast<std::byte>(crc & 0xFF));
  frame.push_back(static_cast<std::byte>(crc >> 8));
  Message message;
  return ParseRtu(frame, direction, message);
}

class ModbusProfileTest : public testing::Test {
 protected:
  const MeterProfile& Profile(std::string_view id) { return *catalogue_.FindMeter(id); }

  // An answer of unit 1 to the profile's reading of `registers`, decoded.
  Observation Answered(const MeterProfile& profile, Bytes registers) {
    Message message;
    message.direction = Direction::kResponse;
    message.unit = 1;
    message.function = kReadHoldingRegisters;
    message.data = registers;
    Buffer frame;
    const Written written = WriteRtu(message, frame);
    EXPECT_TRUE(written.error.ok());
    Observation seen;
    EXPECT_TRUE(Decode(profile, Bytes(frame).first(written.size), seen).ok());
    return seen;
  }

  ProfileCatalogue catalogue_ = ProfileCatalogue::BuiltIn();
};

TEST(ModbusTest, CrcIsThatOfTheStandard) {
  EXPECT_EQ(Crc16(FromHex("01 03 00 00 00 0A")), 0xCDC5);
  EXPECT_EQ(Crc16(FromHex("02 10 00 80 00 04 08 00 12 00 34 00 56 00 78")), 0xF294);
  EXPECT_EQ(Crc16({}), 0xFFFF);
}

TEST(ModbusTest, OneFrameIsReadByItsDirection) {
  Message message;
  ASSERT_TRUE(ParseRtu(FromHex("11 03 00 7C 00 02 07 43"), Direction::kRequest, message).ok());
  EXPECT_EQ(message.unit, 17);
  EXPECT_EQ(message.start, 124);
  EXPECT_EQ(message.count, 2);
  const auto answer = FromHex("11 03 04 00 8D 00 8E FB BD");  // the message views it
  ASSERT_TRUE(ParseRtu(answer, Direction::kResponse, message).ok());
  EXPECT_EQ(message.count, 2);
  EXPECT_EQ(LoadBig16(message.data), 0x8D);
  EXPECT_EQ(ParseRtu(answer, Direction::kRequest, message).fault, Fault::kLength);
  EXPECT_EQ(ParseRtu(FromHex("11 03 00 7C 00 02 07 43"), Direction::kResponse, message).fault,
            Fault::kLength);
}

TEST(ModbusTest, ExceptionsComeFromDevicesOnly) {
  Message message;
  ASSERT_TRUE(ParseRtu(FromHex("11 83 02 C1 34"), Direction::kResponse, message).ok());
  EXPECT_EQ(message.function, kReadHoldingRegisters);
  EXPECT_EQ(message.exception, 2);
  EXPECT_EQ(ParseRtu(FromHex("11 83 02 C1 34"), Direction::kRequest, message).fault,
            Fault::kControl);
}

TEST(ModbusTest, WrongCrcShowsBothAsSent) {
  Message message;
  const Error error = ParseRtu(FromHex("05 90 02 9C 01"), Direction::kResponse, message);
  EXPECT_EQ(error.fault, Fault::kChecksum);
  EXPECT_EQ(error.position, 3);
  EXPECT_EQ(error.expected, 0x8C00u);
  EXPECT_EQ(error.found, 0x9C01u);
}

TEST(ModbusTest, ContentOutsideTheLimitsIsAnError) {
  const auto request = [](std::string_view hex) {
    return RtuError(hex, Direction::kRequest).fault;
  };
  EXPECT_EQ(request("01 03 00 00 00 7D"), Fault::kNone);
  EXPECT_EQ(request("01 03 00 00 00 7E"), Fault::kLayout);
  EXPECT_EQ(request("01 01 00 00 00 00"), Fault::kLayout);
  EXPECT_EQ(request("01 05 00 00 FF 00"), Fault::kNone);
  EXPECT_EQ(request("01 05 00 00 00 01"), Fault::kLayout);
  EXPECT_EQ(request("01 10 00 00 00 02 02 00 00"), Fault::kLayout);
  EXPECT_EQ(request("01 0F 00 00 00 09 02 FF 01"), Fault::kNone);
  EXPECT_EQ(request("01 0F 00 00 00 09 01 FF"), Fault::kLayout);
  EXPECT_EQ(request("01 03 00 00 00"), Fault::kShort);
  EXPECT_EQ(request("01 2B 0E 01 00"), Fault::kControl);
  const auto answer = [](std::string_view hex) {
    return RtuError(hex, Direction::kResponse).fault;
  };
  EXPECT_EQ(answer("01 03 00"), Fault::kLayout);
  EXPECT_EQ(answer("01 03 01 00"), Fault::kLayout);
  EXPECT_EQ(answer("01 01 01 00"), Fault::kNone);
  EXPECT_EQ(answer("01 83 00"), Fault::kLayout);
  EXPECT_EQ(answer("01 10 00 00 00 02"), Fault::kNone);
}

TEST(ModbusTest, TcpHeaderIsChecked) {
  Message message;
  const auto fault = [&](std::string_view hex) {
    return ParseTcp(FromHex(hex), Direction::kRequest, message).fault;
  };
  ASSERT_EQ(fault("00 01 00 00 00 06 FF 02 01 02 00 08"), Fault::kNone);
  EXPECT_EQ(message.transaction, 1);
  EXPECT_EQ(message.unit, 255);
  EXPECT_EQ(message.start, 258);
  EXPECT_EQ(fault("00 01 00 01 00 06 FF 02 01 02 00 08"), Fault::kStart);
  EXPECT_EQ(fault("00 01 00 00 00 07 FF 02 01 02 00 08"), Fault::kShort);
  EXPECT_EQ(fault("00 01 00 00 00 05 FF 02 01 02 00 08"), Fault::kLength);
  EXPECT_EQ(fault("00 01 00 00 01 00 FF 02 01 02 00 08"), Fault::kLength);
  EXPECT_EQ(fault("00 01 00 00 00 06"), Fault::kShort);
}

TEST(ModbusTest, MessagesAreWrittenForBothSides) {
  Buffer out;
  const auto write = [&out](const Message& message) {
    const Written written = WriteRtu(message, out);
    EXPECT_TRUE(written.error.ok()) << Name(written.error.fault);
    return Text(Bytes(out).first(written.size));
  };
  Message message;
  message.direction = Direction::kRequest;
  message.unit = 2;
  message.function = kWriteRegisters;
  message.start = 0x80;
  message.count = 4;
  const std::vector<std::byte> values = FromHex("00 12 00 34 00 56 00 78");
  message.data = values;
  EXPECT_EQ(write(message), BytesOf("02 10 00 80 00 04 08 00 12 00 34 00 56 00 78 94 F2"));
  message.direction = Direction::kResponse;
  EXPECT_EQ(write(message).substr(0, 6), BytesOf("02 10 00 80 00 04"));
  message.exception = 3;
  EXPECT_EQ(write(message).substr(0, 3), BytesOf("02 90 03"));
  message.direction = Direction::kRequest;
  EXPECT_EQ(WriteRtu(message, out).error.fault, Fault::kValue);
  message.exception = 0;
  message.count = 3;
  EXPECT_EQ(WriteRtu(message, out).error.fault, Fault::kValue);
  EXPECT_EQ(WriteTcp(message, out).error.fault, Fault::kValue);
  message.function = kReadHoldingRegisters;
  EXPECT_EQ(WriteRtu(message, std::span(out).first(4)).error.fault, Fault::kBuffer);
  EXPECT_EQ(WriteTcp(message, std::span(out).first(11)).error.expected, 12u);
}

// 123456.0 in the four orders, as in libmodbus's own tests.
TEST(ModbusTest, WordOrdersAreTheFourOfTheField) {
  constexpr std::pair<WordOrder, std::string_view> kOrders[] = {{WordOrder::kAbcd, "47 F1 20 00"},
                                                                {WordOrder::kCdab, "20 00 47 F1"},
                                                                {WordOrder::kBadc, "F1 47 00 20"},
                                                                {WordOrder::kDcba, "00 20 F1 47"}};
  for (const auto& [order, hex] : kOrders) {
    EXPECT_EQ(std::bit_cast<float>(Load32(FromHex(hex), order)), 123456.0F) << hex;
    std::byte out[4];
    Store32(std::bit_cast<uint32_t>(123456.0F), order, out);
    EXPECT_EQ(Text(out), BytesOf(hex));
  }
}

TEST_F(ModbusProfileTest, WholePartAndFractionAreOneVolume) {
  const Observation seen =
      Answered(Profile("modbus-tuf-2000f"),
               FromHex("00 00 41 48 00 00 00 00 00 00 00 00 00 00 00 00 04 D2 00 00 5B 57 3F 11 "
                       "FF FD FF FF 00 00 BE 80"));
  const Register* volume = seen.Find(Quantity::kVolume);
  ASSERT_NE(volume, nullptr);
  EXPECT_EQ(volume->raw, 12345678);
  EXPECT_EQ(volume->exponent, -4);
  EXPECT_EQ(volume->place.offset, 19);
  EXPECT_EQ(seen.Find(Quantity::kReverseVolume)->raw, -32500);
  EXPECT_EQ(seen.Find(Quantity::kFlow)->raw, 125000);
  EXPECT_EQ(seen.kind, Kind::kReading);
  EXPECT_EQ(seen.device_id.view(), "1");
}

TEST_F(ModbusProfileTest, FloatsThatAreNoNumbersAreRejected) {
  const Observation seen =
      Answered(Profile("modbus-supmea-lwgy"), FromHex("7F C0 00 00 00 00 00 00 7F 7F FF FF"));
  EXPECT_TRUE(seen.registers.empty());
  ASSERT_EQ(seen.rejections.size(), 2u);
  EXPECT_EQ(seen.rejections[0].field, "flow");
  EXPECT_EQ(seen.rejections[0].reason, RejectReason::kNoValue);
  EXPECT_EQ(seen.rejections[1].reason, RejectReason::kOutOfRange);
}

TEST_F(ModbusProfileTest, AMonthOfFrozenDaysIsHistory) {
  std::vector<std::byte> registers;
  for (unsigned day = 1; day <= 31; ++day) {
    for (const unsigned b : {0u, 0u, 1u, day}) registers.push_back(static_cast<std::byte>(b));
  }
  registers[124 - 4] = registers[124 - 3] = registers[124 - 2] = registers[124 - 1] =
      std::byte{0xFF};
  const Observation seen = Answered(Profile("modbus-4g-slave-aa"), registers);
  EXPECT_EQ(seen.kind, Kind::kHistory);
  ASSERT_EQ(seen.registers.size(), 30u);
  EXPECT_EQ(seen.Find(Quantity::kVolume, Storage::kFreeze, 30)->raw, 256 + 30);
  ASSERT_EQ(seen.rejections.size(), 1u);
  EXPECT_EQ(seen.rejections[0].reason, RejectReason::kNoValue);
}

TEST_F(ModbusProfileTest, StatusRegistersBecomeValveBatteryAndAlarms) {
  std::vector<std::byte> registers(56);
  registers[13] = std::byte{0x55};  // 0007: empty pipe
  registers[55] = std::byte{0x09};  // 001C: open, battery low
  const Observation seen = Answered(Profile("modbus-xintai"), registers);
  EXPECT_EQ(seen.valve, ValveState::kOpen);
  EXPECT_EQ(seen.battery, BatteryState::kLow);
  EXPECT_TRUE(seen.alarms.Has(Alarm::kEmptyPipe));
  EXPECT_EQ(seen.status, 9u);
}

TEST_F(ModbusProfileTest, RequestsAndValveCommandsAreThoseOfTheVendor) {
  const MeterProfile& profile = Profile("modbus-4g-slave-aa");
  std::array<std::byte, kMaxRequest> out;
  Encoded written = EncodeRequest(profile, "170", Ask::kCurrent, 0, out);
  EXPECT_EQ(Text(Bytes(out).first(written.size)), BytesOf("AA 03 9C 4D 00 02 63 97"));
  written = EncodeValve(profile, "170", ValveCommand::kClose, 0, out);
  EXPECT_EQ(Text(Bytes(out).first(written.size)), BytesOf("AA 10 9C 6A 00 01 02 00 01 B9 A4"));
  written = EncodeValve(profile, "170", ValveCommand::kOpen, 0, out);
  EXPECT_EQ(Text(Bytes(out).first(written.size)), BytesOf("AA 10 9C 6A 00 01 02 00 02 F9 A5"));
  EXPECT_EQ(EncodeValve(profile, "170", ValveCommand::kExercise, 0, out).error.fault,
            Fault::kNotSupported);
  EXPECT_EQ(EncodeRequest(profile, "170", Ask::kSeries, 0, out).error.fault, Fault::kNotSupported);
  EXPECT_EQ(EncodeRequest(profile, "0", Ask::kCurrent, 0, out).error.fault, Fault::kValue);
  EXPECT_EQ(EncodeValve(Profile("modbus-xintai"), "1", ValveCommand::kClose, 0, out).error.fault,
            Fault::kNotSupported);
  MeterProfile tcp = profile;
  tcp.protocol = Protocol::kModbusTcp;
  written = EncodeRequest(tcp, "170", Ask::kCurrent, 0x10007, out);
  EXPECT_EQ(Text(Bytes(out).first(written.size)), BytesOf("00 07 00 00 00 06 AA 03 9C 4D 00 02"));
}

TEST_F(ModbusProfileTest, AnswerToAnotherReadMeansNothing) {
  Observation seen;
  const Error error = Decode(Profile("modbus-xintai"), FromHex("11 03 04 00 8D 00 8E FB BD"), seen);
  EXPECT_EQ(error.fault, Fault::kIdentifier);
  EXPECT_TRUE(Decode(Profile("modbus-xintai"), FromHex("11 83 02 C1 34"), seen).ok());
  EXPECT_EQ(seen.kind, Kind::kRefused);
  EXPECT_EQ(seen.status, 2u);
}

TEST(ModbusTest, DeviceIdIsTheUnit) {
  EXPECT_TRUE(IsDeviceId(Protocol::kModbusRtu, "1"));
  EXPECT_TRUE(IsDeviceId(Protocol::kModbusTcp, "255"));
  for (const char* text : {"", "0", "01", "256", "1a", "1000"}) {
    EXPECT_FALSE(IsDeviceId(Protocol::kModbusRtu, text)) << text;
  }
  FixedText<40> id;
  ASSERT_TRUE(ReadDeviceId(Protocol::kModbusRtu, FromHex("11 83 02 C1 34"), id).ok());
  EXPECT_EQ(id.view(), "17");
}

}  // namespace
}  // namespace karez::protocols::modbus
