// What differs between M-Bus meters of different make, as far as asking them goes: their records
// describe themselves. Data only; files are under libs/protocols/profiles.
#pragma once

#include <cstdint>

namespace karez::protocols::mbus {

struct Profile {
  // Primary address of requests: 0…250; 253, the device selected before; 254, whatever device is
  // alone on the line.
  uint8_t address = 254;
};

}  // namespace karez::protocols::mbus
