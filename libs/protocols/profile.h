// A meter profile: which protocol a model speaks and what is peculiar to it. Adding a model adds a
// file under libs/protocols/profiles, no C++.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libs/protocols/cjt188/profile.h"
#include "libs/protocols/dlt645/profile.h"
#include "libs/protocols/mbus/profile.h"
#include "libs/protocols/modbus/profile.h"
#include "libs/protocols/payload/layout.h"
#include "libs/protocols/properties/profile.h"

namespace karez::protocols {

enum class Protocol : uint8_t { kCjt188, kDlt645, kModbusRtu, kModbusTcp, kPayload, kMbus, kWmbus };
std::string_view Name(Protocol protocol);  // "cjt188"

// Immutable once loaded; shared between threads.
struct MeterProfile {
  std::string id;  // file name without .json: [a-z0-9-]{1,40}
  std::string vendor;
  std::string model;
  std::string firmware;  // range in words, empty: any
  Protocol protocol = Protocol::kCjt188;
  cjt188::Profile cjt188;
  dlt645::Profile dlt645;
  mbus::Profile mbus;      // of kMbus and kWmbus
  modbus::Profile modbus;  // of kModbusRtu and kModbusTcp
  // Of any protocol whose frames carry bytes of the vendor's own; of kPayload alone.
  payload::Profile payload;
  // Of meters whose platform hands over values by name.
  properties::Profile properties;
};

}  // namespace karez::protocols
