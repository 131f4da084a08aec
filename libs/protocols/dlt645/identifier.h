// What each DL/T 645 data identifier carries, as tables: decoding, encoding and `frame-decode` all
// walk the same rows.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/dlt645/profile.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::dlt645 {

enum class Form : uint8_t {
  kBcd,        // digits, low byte first
  kSignedBcd,  // the same; the top bit is the sign where the profile says so
  kHex,        // digits as they are, last byte first: addresses, status words, DDhh, MMDDhhmm
  kText,       // ASCII, last character first
  kDate,       // WW DD MM YY, 0 = Sunday
  kTime,       // ss mm hh
  kMoment,     // mm hh DD MM YY
  kClock,      // ss mm hh DD MM YY
  kWeekClock,  // ss mm hh WW DD MM YY
  kByte,
  kBytes,  // kept as they are; size 0: all that is left
};

struct FieldSpec {
  std::string_view name;
  Form form = Form::kBytes;
  uint8_t size = 0;
  uint8_t decimals = 0;
  Unit unit = Unit::kNone;
  bool observed = false;  // a register of the inner model
  Quantity quantity = Quantity::kEnergy;
};

// A part of an identifier that counts something. All bits set: all of them, one behind the other.
struct Split {
  uint32_t mask = 0;
  uint8_t shift = 0;
  uint8_t first = 0;
  uint8_t last = 0;

  uint32_t Of(uint32_t identifier) const { return (identifier & mask) >> shift; }
  bool IsAll(uint32_t identifier) const { return mask != 0 && (identifier & mask) == mask; }
  bool Allows(uint32_t identifier) const {
    const uint32_t part = Of(identifier);
    return mask == 0 || IsAll(identifier) || (part >= first && part <= last);
  }
};

enum class PartKind : uint8_t { kNone, kTariff, kPhase, kNumber };

struct IdentifierSpec {
  uint32_t first = 0;  // identifiers first…last
  uint32_t last = 0;
  std::string_view name;  // "forward active energy"
  Kind kind = Kind::kReading;
  PartKind part_kind = PartKind::kNone;
  Split part;
  Split period;                       // settlement: 0 current, 1 at the last settlement day, …
  uint8_t fixed_period = 0;           // where `period` is not a part of the identifier
  std::span<const FieldSpec> fields;  // of one item; "all" repeats them

  uint8_t PeriodOf(uint32_t identifier) const {
    return period.mask == 0 ? fixed_period : static_cast<uint8_t>(period.Of(identifier));
  }
  bool IsBlock(uint32_t identifier) const {
    return part.IsAll(identifier) || period.IsAll(identifier);
  }
  size_t ItemSize() const {
    size_t size = 0;
    for (const FieldSpec& field : fields) size += field.size;
    return size;
  }
};

// Null when the edition (or what is in the table of it) has no such identifier.
const IdentifierSpec* FindIdentifier(Edition edition, uint32_t identifier);

inline constexpr size_t IdentifierSize(Edition edition) {
  return edition == Edition::k2007 ? 4 : 2;
}

}  // namespace karez::protocols::dlt645
