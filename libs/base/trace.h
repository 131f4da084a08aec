// W3C trace context: one trace id across gateway, services and Kafka. Values.
#pragma once

#include <string>
#include <string_view>

namespace karez {

struct Trace {
  std::string trace_id;  // 32 lower-case hex digits
  std::string span_id;   // 16 lower-case hex digits

  // A new root.
  static Trace New();
  // From a `traceparent` value; a new root when it is absent or malformed.
  static Trace FromTraceparent(std::string_view value);
  // A new span of the same trace.
  Trace Child() const;
  std::string traceparent() const;
};

}  // namespace karez
