// The JSON texts of google.protobuf.Timestamp and Duration, to the nanosecond. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace karez::gateway::transcode {

// RFC 3339 with any offset; years 1 to 9999; leap seconds are refused.
bool ParseTimestamp(std::string_view text, std::int64_t& seconds, std::int32_t& nanos);
// "1.5s"; up to 10,000 years either way.
bool ParseDuration(std::string_view text, std::int64_t& seconds, std::int32_t& nanos);

// With 0, 3, 6 or 9 digits of fraction; empty when the value is outside its range.
std::string FormatTimestamp(std::int64_t seconds, std::int32_t nanos);
std::string FormatDuration(std::int64_t seconds, std::int32_t nanos);

}  // namespace karez::gateway::transcode
