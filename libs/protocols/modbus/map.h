// A meter's registers in the terms of the inner model.
#pragma once

#include "libs/protocols/modbus/frame.h"
#include "libs/protocols/modbus/profile.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::modbus {

// One value of a point.
struct Value {
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  // × 10^exponent; kHex: the bits of at most four registers.
  int64_t raw = 0;
  int8_t exponent = 0;
  LocalTime time;
  uint8_t weekday = 0;
  Bytes bytes;  // as in the frame, of the value itself
};

// `registers` are those that `read` asks for, and hold value `index` of the point.
Value ReadValue(const Point& point, uint8_t index, const Read& read, Bytes registers);

// `read`: what `message` answers, null when it is not known or not to be interpreted.
// `data_offset`: where message.data begins in the frame.
void Observe(const Message& message, const Profile& profile, const Read* read, size_t data_offset,
             Observation& out);

}  // namespace karez::protocols::modbus
