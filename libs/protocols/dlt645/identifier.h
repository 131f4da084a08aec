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
  std::span<const FieldSpec> fields;  // of one item; a block repeats them
  uint8_t item_size = 0;              // of the fields together
};

// Answers that hold all parts, or all periods, of a value, item after item.
enum class Block : uint8_t { kNone, kParts, kPeriods };

// What an identifier says.
struct Named {
  const IdentifierSpec* spec = nullptr;  // null: nothing
  uint8_t part = 0;                      // of a block of parts: the first one
  uint8_t period = 0;
  Block block = Block::kNone;
};
// False, and no spec, when the edition (or what is in the table of it) has no such identifier.
bool FindIdentifier(Edition edition, uint32_t identifier, Named& out);

inline constexpr size_t IdentifierSize(Edition edition) {
  return edition == Edition::k2007 ? 4 : 2;
}

}  // namespace karez::protocols::dlt645
