#include "services/gateway/transcode/time_text.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace karez::gateway::transcode {
namespace {

constexpr std::int64_t kTimestampMin = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kTimestampMax = 253402300799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t kDurationMax = 315576000000;
constexpr std::int32_t kNanosPerSecond = 1'000'000'000;

// Takes exactly `width` digits off the front of `text`.
bool TakeDigits(std::string_view& text, std::size_t width, int& out) {
  if (text.size() < width) return false;
  out = 0;
  for (const char c : text.substr(0, width)) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  text.remove_prefix(width);
  return true;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// ".5" and so on, up to nine digits; absent counts as zero.
bool TakeFraction(std::string_view& text, std::int32_t& nanos) {
  nanos = 0;
  if (!TakeChar(text, '.')) return true;
  int scale = kNanosPerSecond / 10;
  std::size_t digits = 0;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    if (++digits > 9) return false;
    nanos += (text[0] - '0') * scale;
    scale /= 10;
    text.remove_prefix(1);
  }
  return digits > 0;
}

// "Z", or "+08:00" as seconds east of UTC.
bool TakeOffset(std::string_view& text, int& offset) {
  offset = 0;
  if (TakeChar(text, 'Z')) return true;
  const bool west = !text.empty() && text[0] == '-';
  int hours = 0;
  int minutes = 0;
  if (!TakeChar(text, west ? '-' : '+') || !TakeDigits(text, 2, hours) || !TakeChar(text, ':') ||
      !TakeDigits(text, 2, minutes) || hours > 23 || minutes > 59) {
    return false;
  }
  offset = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
  return true;
}

std::string Fraction(std::int32_t nanos) {
  if (nanos == 0) return {};
  char text[16];
  if (nanos % 1'000'000 == 0) {
    std::snprintf(text, sizeof text, ".%03d", nanos / 1'000'000);
  } else if (nanos % 1'000 == 0) {
    std::snprintf(text, sizeof text, ".%06d", nanos / 1'000);
  } else {
    std::snprintf(text, sizeof text, ".%09d", nanos);
  }
  return text;
}

}  // namespace

bool ParseTimestamp(std::string_view text, std::int64_t& seconds, std::int32_t& nanos) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, offset = 0;
  if (!TakeDigits(text, 4, year) || !TakeChar(text, '-') || !TakeDigits(text, 2, month) ||
      !TakeChar(text, '-') || !TakeDigits(text, 2, day) || !TakeChar(text, 'T') ||
      !TakeDigits(text, 2, hour) || !TakeChar(text, ':') || !TakeDigits(text, 2, minute) ||
      !TakeChar(text, ':') || !TakeDigits(text, 2, second) || !TakeFraction(text, nanos) ||
      !TakeOffset(text, offset) || !text.empty()) {
    return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return false;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  seconds = days * 86400 + hour * 3600 + minute * 60 + second - offset;
  return seconds >= kTimestampMin && seconds <= kTimestampMax;
}

bool ParseDuration(std::string_view text, std::int64_t& seconds, std::int32_t& nanos) {
  const bool negative = TakeChar(text, '-');
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || seconds > kDurationMax) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  if (!TakeFraction(text, nanos) || text != "s") return false;
  if (seconds == kDurationMax && nanos > 0) return false;
  if (negative) {
    seconds = -seconds;
    nanos = -nanos;
  }
  return true;
}

std::string FormatTimestamp(std::int64_t seconds, std::int32_t nanos) {
  if (seconds < kTimestampMin || seconds > kTimestampMax || nanos < 0 || nanos >= kNanosPerSecond) {
    return {};
  }
  const std::chrono::sys_seconds time{std::chrono::seconds(seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text + Fraction(nanos) + "Z";
}

std::string FormatDuration(std::int64_t seconds, std::int32_t nanos) {
  if (seconds > kDurationMax || seconds < -kDurationMax || nanos >= kNanosPerSecond ||
      nanos <= -kNanosPerSecond) {
    return {};
  }
  const bool negative = seconds < 0 || nanos < 0;
  return (negative ? "-" : "") + std::to_string(std::abs(seconds)) + Fraction(std::abs(nanos)) +
         "s";
}

}  // namespace karez::gateway::transcode
