// What a protocol of meter lines gives to the door (codec.h): one Door each, in
// <protocol>/door.cpp, listed in codec.cpp. A null member: the protocol has no such thing. Internal
// to this library.
#pragma once

#include "libs/protocols/codec.h"

namespace karez::protocols {

struct Door {
  Candidate (*probe)(Bytes data) = nullptr;
  Error (*decode)(const MeterProfile& profile, Bytes frame, Observation& out) = nullptr;
  Error (*read_device_id)(Bytes frame, FixedText<40>& out) = nullptr;
  bool (*is_device_id)(std::string_view text) = nullptr;
  bool (*is_request)(Bytes frame) = nullptr;
  Encoded (*encode_request)(const MeterProfile& profile, std::string_view device_id, Ask ask,
                            uint32_t sequence, std::span<std::byte> out) = nullptr;
  Encoded (*encode_valve)(const MeterProfile& profile, std::string_view device_id,
                          ValveCommand command, uint32_t sequence,
                          std::span<std::byte> out) = nullptr;
};

extern const Door kCjt188Door;
extern const Door kDlt645Door;
extern const Door kModbusRtuDoor;
extern const Door kModbusTcpDoor;
extern const Door kPayloadDoor;
extern const Door kMbusDoor;
extern const Door kWmbusDoor;

}  // namespace karez::protocols
