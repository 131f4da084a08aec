// What the value information field of an M-Bus record means (EN 13757-3 tables 10 … 16), as tables.
#pragma once

#include <cstdint>
#include <string_view>

#include "libs/protocols/mbus/record.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::mbus {

enum class Form : uint8_t {
  kNumber,    // value × 10^exponent unit
  kUnsigned,  // a number that identifies or counts, never negative: decimal for BCD and integer
  kBits,      // flags: shown as hex digits
  kDate,      // type G
  kTime,      // types F and I (and J: time of day)
  kOpaque,    // bytes or text as they are
};

// One row of a table.
struct ValueKind {
  std::string_view name;    // "volume"; empty: the standard reserves the code
  std::string_view suffix;  // unit as the ending of a name: "m3", "m3h", "c"; may be empty
  Form form = Form::kOpaque;
  int8_t exponent = 0;
  Unit unit = Unit::kNone;                // kNone: none of the inner model's units
  Quantity quantity = Quantity::kVolume;  // meaningful when `observed`
  bool observed = false;                  // the inner model has a register for it
};

struct Meaning {
  const ValueKind* kind = nullptr;  // a row of the tables, never null once read
  int8_t exponent = 0;              // the row's, with the VIFEs that only scale
  // A VIFE that changes what the value is, 00 when none: 3C backward flow, 3B forward flow only, …
  uint8_t modifier = 0;
  // A VIFE that says why there is no value (EN 13757-3 table 14, 01 … 1F), 00 when none.
  uint8_t record_error = 0;
  bool manufacturer_specific =
      false;  // VIF 7F/FF or VIFE 7F/FF: the manufacturer's own codes follow
};

// Table rows, exposed for lookups by name. `table`: 0 = VIF, FB and FD = the extension tables.
const ValueKind& KindOf(uint8_t table, uint8_t code);

Meaning MeaningOf(const Record& record);

}  // namespace karez::protocols::mbus
