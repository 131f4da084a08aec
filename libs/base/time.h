// Points in time, local dates and the clock that is handed in. Storage is UTC with microseconds;
// business dates live in the tenant's zone (libs/base/zone.h).
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "libs/base/error.h"

namespace karez {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;
using LocalDate = std::chrono::year_month_day;
using Month = std::chrono::year_month;

// RFC 3339 in UTC: "2026-05-01T00:00:00Z", with six digits of fraction when there is one.
std::string FormatInstant(Instant value);
// Any offset is accepted and converted.
Result<Instant> ParseInstant(std::string_view text);

// "2026-05-01"; refuses days that do not exist.
std::string FormatDate(LocalDate value);
Result<LocalDate> ParseDate(std::string_view text);
// "2026-05".
std::string FormatMonth(Month value);
Result<Month> ParseMonth(std::string_view text);

inline LocalDate AddDays(LocalDate date, int days) {
  return std::chrono::sys_days(date) + std::chrono::days(days);
}
inline int DaysBetween(LocalDate from, LocalDate to) {
  return static_cast<int>((std::chrono::sys_days(to) - std::chrono::sys_days(from)).count());
}
inline LocalDate FirstDay(Month month) { return month / std::chrono::day(1); }
inline Month MonthOf(LocalDate date) { return date.year() / date.month(); }

// Code asks the clock it was given, so that tests can live through years. Implementations are safe
// from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  }
};

// Stands still until it is told otherwise; for tests and replays.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  Instant Now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void Set(Instant now) {
    const std::lock_guard lock(mutex_);
    now_ = now;
  }
  void Advance(Duration by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }

 private:
  mutable std::mutex mutex_;
  Instant now_;
};

}  // namespace karez
