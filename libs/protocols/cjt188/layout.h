// What each CJ/T 188 data identifier carries, as a table: decoding, encoding and `frame-decode` all
// walk the same rows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/cjt188/profile.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::cjt188 {

enum class Function : uint8_t {
  kRead = 0x01,
  kReadAddress = 0x03,
  kWrite = 0x04,
  kReadKeyVersion = 0x09,
  kWriteAddress = 0x15,
  kWriteBase = 0x16,
  kVendor = 0x2A,  // one maker's valve command, another's firmware upgrade
};

enum class Form : uint8_t {
  kVolume,   // BCD(4) unit(1), decimals by profile
  kAmount,   // BCD(4), a volume without unit code: decimals and unit by profile
  kScaled,   // BCD(4) unit(1), decimals of the standard
  kBcd,      // BCD(size), decimals and unit of the standard
  kClock,    // 7 bytes, order by profile
  kDate,     // 4 bytes DD MM YY CC
  kDay,      // BCD(1), day of the month
  kStatus,   // ST0 ST1, or ST0 alone
  kAddress,  // 7 bytes
  kByte,
  kBytes,  // `size` bytes kept as they are; size 0: all that is left
};

struct FieldSpec {
  std::string_view name;
  Form form = Form::kByte;
  uint8_t size = 0;
  Quantity quantity = Quantity::kVolume;
  Storage storage = Storage::kCurrent;
  uint8_t storage_index = 0;
  uint8_t decimals = 0;
  Unit unit = Unit::kNone;
};

struct Layout {
  Function function = Function::kRead;
  bool reply = false;
  Edition edition = Edition::k2004;  // the first one that has it
  uint16_t first = 0;                // identifiers first…last
  uint16_t last = 0;
  uint8_t length = 0;  // of DATA: DI, SER and fields; 0: any that leaves at least DI and SER
  Kind kind = Kind::kReading;
  std::span<const FieldSpec> fields;
};

// Whether any identifier begins with this one's high byte: most tries of the wrong byte order end
// here.
extern const std::array<bool, 256> kKnownHighBytes;

// Null when no layout fits; `known` says whether the identifier itself is known for this function
// and direction.
const Layout* FindLayout(Function function, bool reply, Edition edition, uint16_t identifier,
                         size_t length, bool& known);

// Error replies carry SER and one or two status bytes, and no identifier. Empty for other sizes.
std::span<const FieldSpec> ErrorFields(size_t data_length);

// The fields around the increments of a series: day, base register, status.
std::span<const FieldSpec> SeriesFields();

}  // namespace karez::protocols::cjt188
