// LoRaWAN MAC commands (LoRaWAN 1.0.4 specification, section 5, with class B's of section 10):
// in FOpts, or as FRMPayload of port 0. A table tells name, length and fields of each.
// Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/lorawan/phy.h"

namespace karez::protocols::lorawan {

// Bits of the command's bytes taken as one number, low byte first.
struct MacField {
  std::string_view name;  // frequencies end in _100hz, times in _s
  uint8_t bit = 0;
  uint8_t width = 0;
  bool is_signed = false;
};

struct MacSpec {
  uint8_t cid = 0;
  Way way = Way::kUp;     // who sends it
  std::string_view name;  // "LinkADRReq"
  uint8_t length = 0;     // without CID, at most 5
  std::span<const MacField> fields = {};
};

// Null: not defined.
const MacSpec* FindMac(uint8_t cid, Way way);

struct MacCommand {
  const MacSpec* spec = nullptr;
  Bytes payload;  // spec->length bytes

  int64_t Value(const MacField& field) const;
};

// Takes the first command off `rest`. kIdentifier: CID not defined (`found`), so that nothing
// behind it can be told apart; kShort. `rest` then stays.
[[nodiscard]] Error NextMac(Bytes& rest, Way way, MacCommand& out);

// CID and fields, `values` in the order of spec.fields. kValue: too few or too many values, or one
// that does not fit (`position` = number of the field). kBuffer.
[[nodiscard]] Written WriteMac(const MacSpec& spec, std::span<const int64_t> values,
                               std::span<std::byte> out);

}  // namespace karez::protocols::lorawan
