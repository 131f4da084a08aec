// Any bytes as one Modbus frame, RTU and TCP, from either side, and by a map of registers. What can
// be read is written again as the same bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/modbus/map.h"

namespace {

using namespace karez::protocols;          // NOLINT: a program of one function
using namespace karez::protocols::modbus;  // NOLINT

// All types over the first registers, the answer to whatever was read.
Profile MakeProfile() {
  Profile profile;
  for (const Type type : {Type::kU16, Type::kI16, Type::kU32, Type::kI32, Type::kF32, Type::kBcd,
                          Type::kHex, Type::kTime}) {
    Point point;
    point.type = type;
    point.observed = true;
    point.order = static_cast<WordOrder>(profile.points.size() % 4);
    point.registers = static_cast<uint8_t>(type < Type::kU32 ? 1 : type < Type::kBcd ? 2 : 4);
    point.parts = FixedText<16>("CYMWDhms");
    point.binary = profile.points.size() % 2 == 0;
    if (type == Type::kI32) point.fraction = uint16_t{2};
    profile.points.push_back(point);
  }
  Status status;
  status.rules.push_back({0x0003, 0x0001, StatusRule::Meaning::kValveOpen});
  profile.status.push_back(status);
  return profile;
}

template <class Parse, class Write>
void Check(Bytes frame, Direction direction, Parse parse, Write write) {
  static const Profile profile = MakeProfile();
  Message message;
  if (!parse(frame, direction, message).ok()) return;
  const Read read = {Purpose::kCurrent, message.function, 0, message.count};
  const bool registers = direction == Direction::kResponse && message.exception == 0 &&
                         IsRead(message.function) && !OfCoils(message.function);
  Observation observation;
  Observe(message, profile, registers ? &read : nullptr, 0, observation);
  std::array<std::byte, kMaxTcp> again;
  const Written written = write(message, again);
  if (!written.error.ok() || !std::ranges::equal(frame, Bytes(again).first(written.size))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  for (const Direction direction : {Direction::kRequest, Direction::kResponse}) {
    Check(bytes, direction, ParseRtu, WriteRtu);
    Check(bytes, direction, ParseTcp, WriteTcp);
  }
  // Once more with a right CRC, so that the content is reached.
  std::array<std::byte, kMaxRtu> frame;
  if (size < 2 || size > kMaxRtu - 2) return 0;
  std::ranges::copy(bytes, frame.begin());
  const uint16_t crc = Crc16(bytes);
  frame[size] = static_cast<std::byte>(crc & 0xFF);
  frame[size + 1] = static_cast<std::byte>(crc >> 8);
  for (const Direction direction : {Direction::kRequest, Direction::kResponse}) {
    Check(Bytes(frame).first(size + 2), direction, ParseRtu, WriteRtu);
  }
  return 0;
}
