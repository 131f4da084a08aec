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
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/protocols/tests/hex.h"

namespace {
size_t allocations = 0;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
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
