// The decode path allocates nothing: every operator new of this program is counted.
#include <array>
#include <cstdlib>
#include <new>
#include <vector>

#include <gtest/gtest.h>

#include "libs/protocols/chirpstack/event.h"
#include "libs/protocols/codec.h"
#include "libs/protocols/envelope/envelope.h"
#include "libs/protocols/gwmp/radio.h"
#include "libs/protocols/lorawan/security.h"
#include "libs/protocols/lwm2m/observe.h"
#include "libs/protocols/lwm2m/registration.h"
#include "libs/protocols/lwm2m/senml.h"
#include "libs/protocols/lwm2m/tlv.h"
#include "libs/protocols/mbus/message.h"
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/sl651/message.h"
#include "libs/protocols/szy206/message.h"
#include "libs/protocols/tests/hex.h"
#include "libs/protocols/wmbus/telegram.h"

namespace {
size_t allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace karez::protocols {
namespace {

TEST(NoAllocationTest, FromStreamToObservationAndBack) {
  const std::vector<std::byte> frames[] = {
      FromHex("FE FE 68 10 44 33 22 11 00 33 78 81 16 1F 90 00 00 77 66 55 2C 00 77 66 55 2C 31 01 "
              "22 11 05 15 20 21 84 13 16"),
      FromHex("68 25 12 19 24 18 27 31 00 81 2E 1F 90 03 11 74 02 00 05 88 27 44 05 05 00 00 00 00 "
              "17 00 00 00 00 35 08 56 71 00 2C 79 26 00 64 26 00 66 47 07 11 52 17 03 09 25 20 00 "
              "05 2A 16"),
      FromHex("68 10 17 00 00 00 00 00 90 81 3E 00 D5 07 01 10 26 20 56 34 12 00 2C 00 00 00 00 00 "
              "00 01 00 02 00 15 00 20 01 98 00 45 00 30 00 22 00 18 00 60 00 41 00 12 00 09 00 14 "
              "00 55 00 32 01 40 01 88 00 40 00 FF FF 03 00 00 00 BB 16")};
  MeterProfile profile;
  cjt188::SeriesSpec series;
  series.identifier = 0xD500;
  series.has_status = true;
  profile.cjt188.series.push_back(series);
  std::array<std::byte, kMaxRequest> request;
  std::array<std::byte, envelope::kMaxMessage> message;
  Framer<MeterProbe> framer;
  Observation observation;
  size_t decoded = 0;

  const size_t before = allocations;
  for (const std::vector<std::byte>& frame : frames) {
    framer.Push(frame);
    while (const auto found = framer.Next()) {
      if (Decode(profile, found->frame, observation).ok()) ++decoded;
    }
    const envelope::Written written =
        envelope::Encode({envelope::Type::kData, {}, 1, frame}, message);
    envelope::Message read;
    if (envelope::Decode(Bytes(message).first(written.size), read).ok()) ++decoded;
    if (EncodeRequest(profile, "78330011223344", Ask::kCurrent, 1, request).error.ok()) ++decoded;
  }
  const size_t after = allocations;

  EXPECT_EQ(decoded, 9u);
  EXPECT_EQ(observation.series.size(), 1u);
  EXPECT_EQ(after, before);
}

TEST(NoAllocationTest, OtherLineProtocolsToo) {
  struct Line {
    Protocol protocol;
    std::string_view device_id;
    std::vector<std::byte> frame;
  };
  const Line lines[] = {
      {Protocol::kDlt645, "123456789012",
       FromHex("FE FE 68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16")},
      {Protocol::kModbusRtu, "17", FromHex("11 03 04 00 8D 00 8E FB BD")},
      {Protocol::kModbusTcp, "17", FromHex("00 07 00 00 00 07 11 03 04 00 8D 00 8E")}};
  MeterProfile profile;
  profile.modbus.reads.push_back(
      {modbus::Purpose::kCurrent, modbus::kReadHoldingRegisters, 0x10, 2});
  modbus::Point point;
  point.address = 0x10;
  point.type = modbus::Type::kU32;
  point.registers = 2;
  point.observed = true;
  profile.modbus.points.push_back(point);
  std::array<std::byte, kMaxRequest> request;
  Observation observation;
  size_t decoded = 0;

  const size_t before = allocations;
  for (const Line& line : lines) {
    profile.protocol = line.protocol;
    Framer<MeterProbe> framer(MeterProbe{line.protocol});
    framer.Push(line.frame);
    while (const auto found = framer.Next()) {
      if (Decode(profile, found->frame, observation).ok()) ++decoded;
      if (observation.registers.size() == 1) ++decoded;
    }
    if (EncodeRequest(profile, line.device_id, Ask::kCurrent, 1, request).error.ok()) ++decoded;
  }
  const size_t after = allocations;

  EXPECT_EQ(decoded, 9u);
  EXPECT_EQ(after, before);
}

TEST(NoAllocationTest, NarrowBandAndPlatformsToo) {
  const std::vector<std::byte> notification =
      FromHex("44451A2B010203046105622D16FFC401449A5225C10901C10A00C10B00E4158E65F0C400");
  const std::vector<std::byte> cbor = FromHex("81A221692F333432342F302F3102FA4159BE77");
  constexpr std::string_view kPush =
      R"({"timestamp":1650554828842,"tenantId":"1","protocol":"lwm2m","productId":"2","payload":)"
      R"({"APPdata":"AQFWMS4wAAAAACMAAAAH/wAlODYyNTky"},"messageType":"dataReport",)"
      R"("deviceId":"40edca19","IMSI":"undefined","IMEI":"862592051651472"})";
  lwm2m::Path meter;
  ASSERT_TRUE(lwm2m::Path::Parse("/3424/0", meter));
  lwm2m::NamedReader reader;
  platforms::PushReader pushes;
  platforms::PlatformMessage push;
  ASSERT_TRUE(pushes.ReadCtwing(kPush, push).ok());  // the first text makes the room
  lwm2m::Entries entries;
  Observation observation;
  std::array<std::byte, 128> out;
  size_t decoded = 0;

  const size_t before = allocations;
  coap::Message message;
  if (coap::ParseMessage(notification, message).ok()) ++decoded;
  if (lwm2m::ReadTlv(message.payload, meter, entries).ok()) ++decoded;
  lwm2m::Observe({entries.begin(), entries.size()}, observation);
  if (observation.registers.size() == 1) ++decoded;
  if (lwm2m::WriteTlv({entries.begin(), entries.size()}, meter, out).error.ok()) ++decoded;
  if (reader.ReadSenmlCbor(cbor, entries).ok()) ++decoded;
  if (pushes.ReadCtwing(kPush, push).ok()) ++decoded;
  if (lwm2m::WriteRead({1, {}, meter}, 11542, out).error.ok()) ++decoded;
  const size_t after = allocations;

  EXPECT_EQ(decoded, 7u);
  EXPECT_EQ(after, before);
}

TEST(NoAllocationTest, BusesAndTelemetryToo) {
  const std::vector<std::byte> wired = FromHex(
      "68 34 34 68 08 00 72 76 57 02 00 2D 48 03 07 7F 00 00 00 04 13 79 26 00 00 04 6D 39 0E AF "
      "1A "
      "42 6C BC 19 44 13 C9 20 00 00 42 EC 7E DC 19 0C 78 76 57 02 00 0F 01 00 00 45 16");
  const std::vector<std::byte> radio = FromHex(
      "3944FA122162092002067A3600202567C94D48D00DC47B11213E23383DB51968A705AAFA60C60E263D50CD259D7C"
      "9A03FD0C08000002FD0B0011");
  const std::vector<std::byte> hydrological = FromHex(
      "7E7E010012345678123430002B020003591011154947F1F1001234567848F0F05910111549201900000526190000"
      "05392300000127381211150320FA");
  const std::vector<std::byte> resources =
      FromHex("681A68B35303810D00C00059000000826110000001106000004508090A3516");
  crypto::Key128 bytes{};
  const std::vector<std::byte> key_bytes = FromHex("BEDB81B52C29B5C143388CBB0D15A051");
  std::copy(key_bytes.begin(), key_bytes.end(), bytes.begin());
  crypto::Aes128 key(bytes);
  wmbus::Telegram telegram;
  sl651::Message report;
  szy206::Message terminal;
  Observation observation;
  size_t registers = 0;

  const size_t before = allocations;
  if (mbus::Observe(wired, {}, observation).ok()) registers += observation.registers.size();
  if (wmbus::ParseTelegram(radio, {&key}, telegram).ok() &&
      wmbus::Observe(telegram, observation).ok()) {
    registers += observation.registers.size();
  }
  if (sl651::ParseMessage(hydrological, report).ok()) sl651::Observe(report, observation);
  registers += observation.registers.size();
  if (szy206::ParseMessage(resources, terminal).ok()) szy206::Observe(terminal, observation);
  registers += observation.registers.size();
  const size_t after = allocations;

  EXPECT_EQ(registers, 7u);
  EXPECT_EQ(after, before);
}

TEST(NoAllocationTest, RadioFramesAndPushedTextToo) {
  const ProfileCatalogue catalogue = ProfileCatalogue::BuiltIn();
  const MeterProfile* meter = catalogue.FindMeter("axioma-qalcosonic-w1");
  ASSERT_NE(meter, nullptr);
  const std::vector<std::byte> payload = FromHex(
      "0EA0355D302935000054C0345DE7290000B800B900B800B800B800B900B800B800B800B800B800B800B900B900B9"
      "00");
  constexpr std::string_view kEvent =
      R"({"deviceInfo":{"devEui":"0101010101010101"},"fPort":100,"fCnt":7,"data":)"
      R"("DqA1XTApNQAAVMA0XecpAAC4ALkAuAC4ALgAuQC4ALgAuAC4ALgAuAC5ALkAuQA=","rxInfo":[{}]})";
  constexpr std::string_view kPush =
      R"({"rxpk":[{"tmst":1,"freq":868.5,"stat":1,"modu":"LORA","datr":"SF7BW125","rssi":-51,)"
      R"("size":16,"data":"QAEBAQGAAAABVfdjR6YrSw=="}]})";
  json::Parser parser;
  ASSERT_TRUE(parser.Parse(kEvent));  // its buffers are made with the first text
  lorawan::Session session(7, {});
  lorawan::Data frame;
  frame.port = 100;
  frame.payload = payload;
  std::array<std::byte, lorawan::kMaxPhy> phy;
  std::array<std::byte, lorawan::kMaxPhy> plain;
  lorawan::Session::Opened opened;
  Observation observation;
  chirpstack::Event event;
  gwmp::PushData push;
  size_t decoded = 0;

  const size_t before = allocations;
  const lorawan::Written sealed = session.Seal(frame, 70000, phy);
  if (session.Open(Bytes(phy).first(sealed.size), 69999, plain, opened).ok()) ++decoded;
  if (Decode(*meter, opened.payload, observation).ok()) ++decoded;
  if (chirpstack::ReadEvent(parser, kEvent, chirpstack::EventType::kUp, event).ok()) ++decoded;
  if (gwmp::ReadPushData(parser, kPush, push).ok()) ++decoded;
  const size_t after = allocations;

  EXPECT_EQ(decoded, 4u);
  EXPECT_EQ(observation.series.size(), 1u);
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace karez::protocols
