// DL/T 645 frames as named fields: the exact, protocol-level reading of a frame, and the way to
// write any frame, of the master's side and of the meter's, in both editions (their control codes
// differ, so that a frame tells its edition; 08, broadcast time, is the same in both).
//
// A Message holds its DATA without the offset of 33H; fields say what their parts mean. So
// WriteMessage gives back the frame that ParseMessage took, byte for byte. Pure functions without
// allocation, safe from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/dlt645/identifier.h"
#include "libs/protocols/dlt645/link.h"
#include "libs/protocols/dlt645/profile.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::dlt645 {

enum class Function : uint8_t {
  kRead,
  kReadNext,  // the next part of an answer that was too long
  kReread,    // 1997
  kReadAddress,
  kWrite,
  kWriteAddress,
  kBroadcastTime,
  kFreeze,
  kChangeSpeed,
  kChangePassword,
  kClearDemand,
  kClearMeter,
  kClearEvents,
  kControl,  // relay, alarm, keep power
};

struct Field {
  const FieldSpec* spec = nullptr;
  Place place;       // in the frame, from its first 68
  uint8_t part = 0;  // tariff, phase or number of an identifier's value
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  uint8_t weekday = 0;  // 0 = Sunday
  uint8_t decimals = 0;
  // Digits: the number without its decimal point. kHex of at most 8 bytes and kByte: the bits.
  int64_t value = 0;
  LocalTime time;  // kTime: only hour, minute, second
};

// What a frame is about: everything but the values of its fields.
struct Content {
  Header header;
  Edition edition = Edition::k2007;
  Function function = Function::kRead;
  bool reply = false;
  bool error = false;         // D6 of the control code
  bool more_follows = false;  // D5
  bool has_identifier = false;
  uint32_t identifier = 0;
  Named named;  // by the identifier; no spec: none, or no values with it
  Kind kind = Kind::kReading;
};

struct Message : Content {
  static constexpr size_t kMaxFields = 100;

  FixedVector<Field, kMaxFields> fields;
  std::array<std::byte, kMaxData> data;  // without offset; header.length of them count

  Bytes Data() const { return Bytes(data).first(header.length); }
  Bytes BytesOf(const Field& field) const {
    return Bytes(data).subspan(field.place.offset - kHeaderSize, field.place.length);
  }
  const Field* Find(std::string_view name) const;
};

// Splits a control code into edition, direction, flags and function. False: not defined.
bool ReadControl(uint8_t control, Content& out);

// `frame` is exactly one frame. Faults: those of ParseLink, kControl, kIdentifier, kLayout. After
// one of the latter three header, control and identifier of `out` are good, and Data().
[[nodiscard]] Error ParseMessage(Bytes frame, const Profile& profile, Message& out);

// A message ready to be filled: the fields that `control`, `identifier` and the length of DATA
// select, digits and times "no value" (FF), all else zero. Give 0 as `data_length` for one value,
// or for the first layout. kControl, kIdentifier or kLayout when there is none.
[[nodiscard]] Error StartMessage(const Profile& profile, const Address& address, uint8_t control,
                                 uint32_t identifier, size_t data_length, Message& out);

// Each writes into DATA; `index` is a field's. False: no such field, a value that does not fit its
// bytes, or a field of another form.
bool SetValue(Message& message, size_t index, int64_t value);
bool SetTime(Message& message, size_t index, const LocalTime& time, uint8_t weekday = 0);
bool SetBytes(Message& message, size_t index, Bytes bytes);
// The first field of that name; fields.size() when there is none.
size_t IndexOf(const Message& message, std::string_view name);

// kValue when a request that writes has more than 50 data bytes.
[[nodiscard]] Written WriteMessage(const Message& message, size_t wake_up_bytes,
                                   std::span<std::byte> out);

// The frame in the terms of the inner model. Succeeds and fails as ParseMessage does, and on an
// error `out` is unspecified.
[[nodiscard]] Error Decode(Bytes frame, const Profile& profile, Observation& out);

}  // namespace karez::protocols::dlt645
