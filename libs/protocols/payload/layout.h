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
  kUnixTime,   // 4 bytes, seconds since 1970
  kClock,      // binary: year (1 byte since 2000, or 2 bytes), month, day, hour, minute, second
  kClockBcd,   // [century] year, month, day, hour, minute, second
  kClockText,  // the same as 12 or 14 ASCII digits
};

enum class ByteOrder : uint8_t { kLittle, kBig };

enum class Role : uint8_t {
  kNone,
  kDeviceId,
  kDeviceTime,
  kStatus,
  kSequence,  // exchange number that the answer repeats
  kResult,    // of a command: 0 taken, anything else refused
};

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
  uint8_t shift = 0;  // kUnsigned: so many low bits are not its own, 0…7
  std::optional<Measure> measure;
  // A number that says "no value", beside all ones (unsigned) and the most negative (signed).
  std::optional<int64_t> no_value;
  StatusRules rules;  // kStatus
  std::vector<StatusText> texts;
};

// A time of day some days away from a field's date.
struct DayTime {
  int8_t days = 0;   // -31…31
  uint8_t hour = 0;  // 0…23
};

// Increments over equal intervals.
struct SeriesSpec {
  std::string name;
  uint16_t offset = 0;
  uint8_t bits = 0;   // of one increment, 1…32; not whole bytes: kLittle, the lowest bit first
  uint8_t count = 0;  // 1…Series::kMaxSlots
  ByteOrder order = ByteOrder::kBig;
  Measure measure;
  uint16_t interval_minutes = 60;
  std::optional<uint8_t> start;  // number of the field with the time of the first interval's begin
  std::optional<DayTime> start_at;  // that field tells the date only
  std::optional<uint8_t> base;      // number of the field with the register at that time

  uint16_t size() const { return static_cast<uint16_t>((bits * count + 7) / 8); }
};

// Tells layouts of one port and size apart: two times of which one comes soon after the other.
struct Plausible {
  uint8_t earlier = 0;  // numbers of fields
  uint8_t later = 0;
  uint8_t days = 0;  // at most so far apart
};

struct Layout {
  static constexpr size_t kMaxFields = 40;

  std::string name;
  Kind kind = Kind::kReading;    // kRequest: to the meter
  std::optional<uint8_t> port;   // LoRaWAN's FPort; without one any fits
  std::vector<std::byte> match;  // the bytes at `match_offset`
  uint16_t match_offset = 0;
  uint16_t size = 0;
  std::optional<Plausible> plausible;
  std::vector<FieldSpec> fields;  // at most kMaxFields
  std::optional<SeriesSpec> series;
};

// What the vendor puts around every layout; their offsets and sizes count from the start byte.
struct Frame {
  std::vector<std::byte> start;  // before it only `wake_up` bytes
  std::vector<std::byte> wake_up;
  std::optional<std::byte> end;
  uint16_t length_offset = 0;  // two bytes: the frame's size from `start` to `end`
  // CRC-16, not reflected, right before `end`, over all before it.
  uint16_t crc_polynomial = 0x1021;
  uint16_t crc_initial = 0;
  ByteOrder order = ByteOrder::kBig;  // of length and CRC

  size_t tail() const { return 2 + (end ? 1 : 0); }
};

struct Profile {
  std::optional<Frame> frame;
  std::vector<Layout> layouts;
};

}  // namespace karez::protocols::payload
