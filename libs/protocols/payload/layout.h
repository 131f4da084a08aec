// Payloads of a fixed layout, as vendors put them into LoRaWAN frames, CoAP and NB-IoT pushes:
// described by a meter profile, so that a new meter needs no C++. Immutable once loaded, shared
// between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/status_rule.h"

namespace karez::protocols::payload {

enum class Form : uint8_t {
  kUnsigned,  // 1…8 bytes
  kSigned,    // 1…8 bytes, two's complement
  kBcd,       // 1…8 bytes
  kText,      // ASCII; zeros or blanks behind it are no part of it
  kBytes,
  kUnixTime,  // 4 bytes, seconds since 1970
  kClock,     // binary: year (1 byte since 2000, or 2 bytes), month, day, hour, minute, second
  kClockBcd,  // [century] year, month, day, hour, minute, second
};

enum class ByteOrder : uint8_t { kLittle, kBig };

enum class Role : uint8_t { kNone, kDeviceId, kDeviceTime, kStatus };

// What a number is a measure of: value = number × 10^exponent unit.
struct Measure {
  Quantity quantity = Quantity::kVolume;
  Unit unit = Unit::kNone;
  int8_t exponent = 0;
  Storage storage = Storage::kCurrent;
  uint8_t storage_index = 0;
};

// A text for people, of a status that fits: (status & mask) == value.
struct StatusText {
  uint16_t mask = 0;
  uint16_t value = 0;
  std::string text;
};

struct FieldSpec {
  std::string name;
  Form form = Form::kUnsigned;
  uint16_t offset = 0;
  uint16_t size = 0;
  ByteOrder order = ByteOrder::kBig;
  Role role = Role::kNone;
  std::optional<Measure> measure;
  // A number that says "no value", beside all ones (unsigned) and the most negative (signed).
  std::optional<int64_t> no_value;
  StatusRules rules;  // kStatus
  std::vector<StatusText> texts;
};

// Increments over equal intervals.
struct SeriesSpec {
  std::string name;
  uint16_t offset = 0;
  uint8_t size = 0;   // of one increment, 1…4
  uint8_t count = 0;  // 1…Series::kMaxSlots
  ByteOrder order = ByteOrder::kBig;
  Measure measure;
  uint16_t interval_minutes = 60;
  std::optional<uint8_t> start;  // number of the field with the time of the first interval's begin
  std::optional<uint8_t> base;   // number of the field with the register at that time
};

struct Layout {
  static constexpr size_t kMaxFields = 40;

  std::string name;
  std::optional<uint8_t> port;   // LoRaWAN's FPort; without one any fits
  std::vector<std::byte> match;  // the first bytes
  uint16_t size = 0;
  std::vector<FieldSpec> fields;  // at most kMaxFields
  std::optional<SeriesSpec> series;
};

struct Profile {
  std::vector<Layout> layouts;
};

}  // namespace karez::protocols::payload
