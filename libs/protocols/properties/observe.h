// Properties of a platform's push in the terms of the inner model, by a profile (profile.h).
// Pure functions without allocation, safe from any thread.
#pragma once

#include <span>
#include <string_view>

#include "libs/protocols/decimal.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/properties/profile.h"

namespace karez::protocols::properties {

// Null: the profile does not know it.
const PropertySpec* Find(const Profile& profile, const platforms::Property& property);

struct Value {
  bool rejected = false;
  RejectReason reason = RejectReason::kNoValue;
  DecimalNumber number;   // kNumber
  LocalTime time;         // of the times; Unix times in UTC
  std::string_view text;  // kText
};

// kNoValue: null, an empty text, or what the profile says stands for none. kOutOfRange: no number,
// no time, a fraction of more than 15 digits, which JSON readers do not keep exactly, or a measure
// beyond 10^±30.
Value Read(const PropertySpec& spec, const platforms::Property& property);

// Registers, identity, time, status and signal of what the profile knows. Rejections are named as
// in the profile, which must outlive `out`.
void Observe(std::span<const platforms::Property> properties, const Profile& profile,
             Observation& out);

}  // namespace karez::protocols::properties
