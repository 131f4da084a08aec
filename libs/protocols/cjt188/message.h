// CJ/T 188 frames as named fields: the exact, protocol-level reading of a frame, and the way to
// write any frame, of the master's side and of the meter's.
//
// ParseMessage and WriteMessage are inverse: a canonical frame (well-formed fields, no wake-up
// bytes) comes back byte for byte. Pure functions without allocation, safe from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/cjt188/layout.h"
#include "libs/protocols/cjt188/link.h"
#include "libs/protocols/cjt188/profile.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::cjt188 {

struct Field {
  const FieldSpec* spec = nullptr;
  Place place;
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  uint8_t filler = 0xFF;  // the byte that stands for "no value", for kNoValue
  uint8_t unit_code = 0;  // as sent
  // The digits of a BCD field; status: ST0 << 8 | ST1; address: A6…A0 as one number; byte: itself.
  int64_t value = 0;
  LocalTime time;  // kClock; kDate without time of day
  Bytes bytes;     // as in the frame; kBytes: what is written
};

// What a frame is about: everything but the values of its fields.
struct Content {
  Header header;
  bool reply = false;
  bool error = false;         // D6 of the control code
  bool more_follows = false;  // D5, 2018
  Function function = Function::kRead;
  bool has_identifier = true;  // error replies have none
  DiOrder di_order = DiOrder::kHighFirst;
  uint16_t identifier = 0;
  uint8_t ser = 0;
  Kind kind = Kind::kReading;
  const SeriesSpec* series = nullptr;  // set: increments between the fields
};

struct Message : Content {
  static constexpr size_t kMaxFields = 12;

  FixedVector<Field, kMaxFields> fields;
  FixedVector<int64_t, Series::kMaxSlots> increments;  // of a series; kAbsent: not available
  Place increments_place;
  Place bad_increment;  // the first one that is neither BCD nor FF…; length 0: none

  const Field* Find(std::string_view name) const;
  Field* Find(std::string_view name);
};

// Splits a control code into direction, error bit and function. False: not defined.
bool ReadControl(uint8_t control, Content& out);

// `frame` is exactly one frame. `out` views `frame` and `profile`.
// Faults: those of ParseLink, kControl, kIdentifier, kLayout.
[[nodiscard]] Error ParseMessage(Bytes frame, const Profile& profile, Message& out);

// A message ready to be filled: the fields of the layout that `control`, `identifier` and the
// length of DATA select, each "no value". Give 0 as `data_length` for the only or first layout.
// kControl, kIdentifier or kLayout when there is none.
[[nodiscard]] Error StartMessage(const Profile& profile, uint8_t meter_type, const Address& address,
                                 uint8_t control, uint16_t identifier, uint8_t ser,
                                 size_t data_length, Message& out);

// False when the message has no field of that name.
bool SetValue(Message& message, std::string_view name, int64_t value, uint8_t unit_code = 0);
bool SetTime(Message& message, std::string_view name, const LocalTime& time);
bool SetBytes(Message& message, std::string_view name, Bytes bytes);

// kValue when a field's value does not fit its bytes or the data exceed 64H bytes.
[[nodiscard]] Written WriteMessage(const Message& message, const Profile& profile,
                                   size_t wake_up_bytes, std::span<std::byte> out);

// The frame in the terms of the inner model; status bits are read by the profile's rules. Succeeds
// and fails as ParseMessage does, and on an error `out` is unspecified.
[[nodiscard]] Error Decode(Bytes frame, const Profile& profile, Observation& out);

}  // namespace karez::protocols::cjt188
