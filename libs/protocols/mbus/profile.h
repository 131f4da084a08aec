// What M-Bus meters of one make do that their records do not say. Data only; files are under
// libs/protocols/profiles. Immutable once loaded, shared between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/mbus/identity.h"
#include "libs/protocols/mbus/record.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::mbus {

// The meters that a profile is about: they are known by what they send.
struct Maker {
  uint16_t manufacturer = 0;
  std::optional<uint8_t> version;
  std::optional<uint8_t> medium;
};

struct FlagName {
  uint8_t bit = 0;
  std::string name;
  std::optional<Alarm> alarm;
};

// A record, or a part of the maker's data, whose bits are flags.
struct Flags {
  std::vector<uint8_t> vif;  // of the record: VIF and VIFEs, extension bits included
  uint64_t mask = UINT64_MAX;
  std::vector<FlagName> bits;
};

// The heads of a full frame's records, whose values a compact frame holds (CI 79, 7B, 73).
struct CompactFormat {
  uint16_t signature = 0;  // wmbus::Crc(heads)
  std::vector<std::byte> heads;
};

// Bytes behind DIF 0F, one part after the other.
struct MakerPart {
  enum class Form : uint8_t {
    kNumber,  // low byte first; all ones: no value
    kDate,    // three BCD bytes: year, month, day
    kBytes,
  };
  std::string name;  // "{n}" stands for the number of a repeated part, from 1
  Form form = Form::kNumber;
  uint8_t size = 1;
  uint8_t count = 1;
  std::optional<uint8_t> when;      // there only when this bit of the first byte is set
  uint64_t mask = UINT64_MAX;       // of a number; counted from its lowest bit
  int8_t exponent = 0;              // the value is number × 10^exponent
  std::vector<std::string> values;  // texts in place of numbers 0, 1, …
  std::vector<FlagName> flags;      // of a number whose bits they are
};

struct MakerData {
  std::vector<std::byte> match;  // the first bytes
  std::vector<MakerPart> parts;
};

struct Profile {
  // Primary address of requests: 0…250; 253, the device selected before; 254, whatever device is
  // alone on the line.
  uint8_t address = 254;
  std::vector<Maker> makers;
  std::vector<Flags> flags;
  std::vector<CompactFormat> compact_formats;
  // The storage number of the billing day; without one 1, or 8 of OMS' monthly values.
  std::optional<uint64_t> target_storage;
  std::vector<MakerData> maker_data;

  bool IsAbout(const Identity& device) const;
  bool IsTarget(uint64_t storage) const;
  const Flags* FlagsOf(const Record& record) const;  // null: its bits are no known flags
  const MakerData* MakerDataOf(Bytes data) const;    // null: none begins like that
};

}  // namespace karez::protocols::mbus
