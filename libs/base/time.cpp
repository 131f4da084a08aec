#include "libs/base/time.h"

#include <charconv>
#include <cstdio>
#include <optional>

namespace karez {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

tl::unexpected<Error> RefuseInstant() {
  return Fail(Code::kInvalidArgument, "TIME_INVALID",
              "Must be an RFC 3339 time such as 2026-05-01T08:00:00+08:00.");
}

// The digits at [at, at + count), or nothing.
std::optional<int> Digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// "+08:00", "-03:30" or "Z" to minutes east of UTC.
std::optional<int> OffsetMinutes(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || text[3] != ':' || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = Digits(text, 1, 2);
  const auto minutes = Digits(text, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * (*hours * 60 + *minutes);
}

}  // namespace

std::string FormatInstant(Instant value) {
  const auto days = std::chrono::floor<std::chrono::days>(value);
  const LocalDate date(days);
  const std::chrono::hh_mm_ss time(value - days);
  char out[40];
  std::snprintf(out, sizeof out, "%sT%02d:%02d:%02d", FormatDate(date).c_str(),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  std::string text = out;
  if (time.subseconds().count() != 0) {
    std::snprintf(out, sizeof out, ".%06d", static_cast<int>(time.subseconds().count()));
    text += out;
  }
  return text + "Z";
}

Result<Instant> ParseInstant(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' ||
      text[16] != ':') {
    return RefuseInstant();
  }
  const auto date = ParseDate(text.substr(0, 10));
  const auto hours = Digits(text, 11, 2);
  const auto minutes = Digits(text, 14, 2);
  const auto seconds = Digits(text, 17, 2);
  if (!date || !hours || !minutes || !seconds) return RefuseInstant();
  if (*hours > 23 || *minutes > 59 || *seconds > 59) return RefuseInstant();

  std::size_t at = 19;
  std::int64_t micros = 0;
  if (text[at] == '.') {
    if (!Digits(text, at + 1, 1)) return RefuseInstant();
    std::int64_t unit = 100'000;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      micros += unit * (text[at] - '0');  // digits beyond microseconds add nothing
    }
  }
  const auto offset = OffsetMinutes(text.substr(at));
  if (!offset) return RefuseInstant();
  return Instant(std::chrono::sys_days(*date).time_since_epoch() + std::chrono::hours(*hours) +
                 std::chrono::minutes(*minutes - *offset) + std::chrono::seconds(*seconds) +
                 Duration(micros));
}

std::string FormatDate(LocalDate value) {
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(value.year()),
                static_cast<unsigned>(value.month()), static_cast<unsigned>(value.day()));
  return out;
}

Result<LocalDate> ParseDate(std::string_view text) {
  const auto y = Digits(text, 0, 4);
  const auto m = Digits(text, 5, 2);
  const auto d = Digits(text, 8, 2);
  if (text.size() == 10 && text[4] == '-' && text[7] == '-' && y && m && d) {
    const LocalDate date(year(*y), month(static_cast<unsigned>(*m)),
                         day(static_cast<unsigned>(*d)));
    if (date.ok() && *y >= 1) return date;
  }
  return Fail(Code::kInvalidArgument, "DATE_INVALID",
              "Must be a date that exists, written as 2026-05-01.");
}

std::string FormatMonth(Month value) { return FormatDate(FirstDay(value)).substr(0, 7); }

Result<Month> ParseMonth(std::string_view text) {
  const auto date = ParseDate(std::string(text) + "-01");
  if (!date) {
    return Fail(Code::kInvalidArgument, "MONTH_INVALID", "Must be a month written as 2026-05.");
  }
  return MonthOf(*date);
}

}  // namespace karez
