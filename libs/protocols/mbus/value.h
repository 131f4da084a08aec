// Values of M-Bus records: exact numbers, dates of types F, G and I, text.
#pragma once

#include <cstdint>

#include "libs/protocols/mbus/record.h"
#include "libs/protocols/mbus/vif.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::mbus {

struct Value {
  enum class Type : uint8_t {
    kNone,    // no value: `reason` says why, when the coding promised one
    kNumber,  // raw × 10^exponent in the kind's unit
    kDate,    // time of day is zero
    kTime,    // to the minute
    kTimeSeconds,
    kTimeOfDay,  // hour, minute, second of `time`
    kBits,       // `raw` as an unsigned number of record.value.size() bytes
    kText,       // record.value, last letter first
    kBytes,      // record.value
  };
  Type type = Type::kNone;
  RejectReason reason = RejectReason::kNoValue;
  int8_t exponent = 0;
  int64_t raw = 0;
  LocalTime time;
};

// No value: FF… in a counter, the most negative integer, nibbles A…E in BCD, a record-error VIFE,
// day or month zero. A BCD number whose first digit is F is negative.
Value ReadValue(const Record& record, const Meaning& meaning);

// Types G (2 bytes), F (4), I (6) and J (3, time of day), by the number of bytes.
Value ReadTime(Bytes bytes);
// False when the time does not exist or `size` is none of 2, 4 and 6.
bool StoreTime(const LocalTime& time, std::byte* out, size_t size);

}  // namespace karez::protocols::mbus
