#include "libs/protocols/codec.h"

#include "libs/protocols/door.h"

namespace karez::protocols {
namespace {

// A protocol that is spoken on no meter line has an empty door.
const Door& DoorOf(Protocol protocol) {
  static constexpr Door kNone;
  switch (protocol) {
    case Protocol::kCjt188:
      return kCjt188Door;
    case Protocol::kDlt645:
      return kDlt645Door;
    case Protocol::kModbusRtu:
      return kModbusRtuDoor;
    case Protocol::kModbusTcp:
      return kModbusTcpDoor;
    case Protocol::kPayload:
      return kPayloadDoor;
    case Protocol::kMbus:
      return kMbusDoor;
    case Protocol::kWmbus:
      return kWmbusDoor;
  }
  return kNone;
}

}  // namespace

Candidate MeterProbe::operator()(Bytes data) const {
  const Door& door = DoorOf(protocol);
  return door.probe == nullptr ? Candidate{} : door.probe(data);
}

Error Decode(const MeterProfile& profile, Bytes frame, Observation& out) {
  const Door& door = DoorOf(profile.protocol);
  if (door.decode == nullptr) return {Fault::kNotSupported};
  return door.decode(profile, frame, out);
}

Error ReadDeviceId(Protocol protocol, Bytes frame, FixedText<40>& out) {
  const Door& door = DoorOf(protocol);
  if (door.read_device_id == nullptr) return {Fault::kNotSupported};
  return door.read_device_id(frame, out);
}

bool IsDeviceId(Protocol protocol, std::string_view text) {
  const Door& door = DoorOf(protocol);
  return door.is_device_id != nullptr && door.is_device_id(text);
}

bool IsRequest(Protocol protocol, Bytes frame) {
  const Door& door = DoorOf(protocol);
  return door.is_request != nullptr && door.is_request(frame);
}

Encoded EncodeRequest(const MeterProfile& profile, std::string_view device_id, Ask ask,
                      uint32_t sequence, std::span<std::byte> out) {
  const Door& door = DoorOf(profile.protocol);
  if (door.encode_request == nullptr) return {{Fault::kNotSupported}};
  return door.encode_request(profile, device_id, ask, sequence, out);
}

Encoded EncodeValve(const MeterProfile& profile, std::string_view device_id, ValveCommand command,
                    uint32_t sequence, std::span<std::byte> out) {
  const Door& door = DoorOf(profile.protocol);
  if (door.encode_valve == nullptr) return {{Fault::kNotSupported}};
  return door.encode_valve(profile, device_id, command, sequence, out);
}

}  // namespace karez::protocols
