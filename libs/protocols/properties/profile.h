// Values that a carrier's platform hands over by name (the properties of its thing model), as a
// meter profile describes them, so that a new model needs no C++. Immutable once loaded, shared
// between threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/payload/layout.h"
#include "libs/protocols/status_rule.h"

namespace karez::protocols::properties {

enum class Form : uint8_t {
  kNumber,      // a JSON number, or a decimal in a text
  kText,        // as it is
  kUnixTime,    // seconds since 1970, a number or a text
  kUnixTimeMs,  // milliseconds since 1970
  kClock,       // a text: year, month, day, hour, minute, second, whatever stands between them
};

enum class Role : uint8_t { kNone, kDeviceId, kDeviceTime, kStatus, kSignal /* dBm */ };

// A value, in the words of JSON ("1", "true", "ON"), and what it means.
struct ValueRule {
  std::string value;
  StatusRules rule;  // one, that always applies
};

struct PropertySpec {
  std::string property;  // as the platform names it
  std::string service;   // of that service only; empty: of any
  std::string name;      // as we name it
  Form form = Form::kNumber;
  Role role = Role::kNone;
  std::optional<payload::Measure> measure;  // value = number × 10^exponent unit
  std::optional<std::string> no_value;      // in the words of JSON
  StatusRules rules;                        // kStatus: on the bits of a number up to 65535
  std::vector<ValueRule> values;            // kStatus: on whole values
};

struct Profile {
  static constexpr size_t kMaxProperties = 64;
  std::vector<PropertySpec> properties;
};

}  // namespace karez::protocols::properties
