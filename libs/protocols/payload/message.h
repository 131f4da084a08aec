// Reads and writes payloads by the layouts of a profile (layout.h). ParsePayload and WritePayload
// are inverse: a payload whose every byte belongs to a field comes back as it was.
// Pure functions without allocation, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/payload/layout.h"

namespace karez::protocols::payload {

struct Value {
  Place place;
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  int64_t number = 0;  // kUnsigned (8 bytes: as two's complement), kSigned, kBcd
  LocalTime time;      // kUnixTime in UTC, kClock, kClockBcd, kClockText
  Bytes bytes;         // as in the payload; kText without what fills it up
};

struct Message {
  const Layout* layout = nullptr;
  const Frame* frame = nullptr;                        // around it, null without
  Bytes bytes;                                         // as parsed, from the start byte
  FixedVector<Value, Layout::kMaxFields> values;       // one for each of layout->fields
  FixedVector<int64_t, Series::kMaxSlots> increments;  // kAbsent: not available
};

// Chooses the first layout of that port (none known: any), matching bytes and size, and plausible.
// kIdentifier: no layout for that port or those bytes; kLayout: only with another size
// (`expected`), or none plausible. In a frame also kStart, kShort, kLength, kEnd, kChecksum. Of a
// refused command no measure has a value. `out` views `bytes` and `profile`.
[[nodiscard]] Error ParsePayload(Bytes bytes, const Profile& profile, std::optional<uint8_t> port,
                                 Message& out);

struct Written {
  Error error;
  size_t size = 0;
};
// Bytes between the fields are zero. kValue (`position`: of the field): a number, time or text that
// does not fit. A rejected value is written as its own bytes, or all ones without any. kBuffer.
[[nodiscard]] Written WritePayload(const Message& message, std::span<std::byte> out);

// The message in the terms of the inner model.
void Observe(const Message& message, Observation& out);

}  // namespace karez::protocols::payload
