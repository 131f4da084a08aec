// Who an M-Bus device is (EN 13757-3, -7): identification number, manufacturer, version, medium.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "libs/protocols/fixed.h"

namespace karez::protocols::mbus {

// "ELS" ↔ 1593H: three letters, each minus 64, five bits each. The top bit (a "soft" address in
// wireless M-Bus) is ignored by ManufacturerText and never set by ParseManufacturer.
FixedText<3> ManufacturerText(uint16_t code);
bool ParseManufacturer(std::string_view text, uint16_t& code);
bool IsManufacturer(uint16_t code);  // three letters A…Z

// "water", "warm water", …; empty for a code that the standard does not define.
std::string_view MediumName(uint8_t medium);
bool IsWater(uint8_t medium);

// Eight bytes, in the order of the long header and of a secondary address: number (4 BCD, low
// first), manufacturer (2, low first), version, medium. As sent: a number may hold hex digits.
struct Identity {
  uint32_t number = 0;  // 8 hex digits, as printed on the meter
  uint16_t manufacturer = 0;
  uint8_t version = 0;
  uint8_t medium = 0;

  static constexpr size_t kSize = 8;
  static Identity Read(Bytes bytes);  // at least kSize bytes
  void Write(std::byte* out) const;

  // Digits FH, manufacturer FFFFH, version and medium FFH match anything.
  bool IsWildcard() const;
  bool Matches(const Identity& device) const;  // *this may hold wildcards

  // Manufacturer's letters and number, "ELS70112345": what a meter is registered by.
  FixedText<40> Text() const;
  static bool Parse(std::string_view text, Identity& out);  // version and medium stay 0

  friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace karez::protocols::mbus
