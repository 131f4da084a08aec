#include "libs/base/zone.h"

#include <stdexcept>

#include <date/tz.h>

namespace karez {
namespace {

// The library's own calendar types and the standard ones share the day count.
date::local_seconds LocalSeconds(LocalDate day, std::chrono::seconds time_of_day) {
  return date::local_seconds(std::chrono::sys_days(day).time_since_epoch() + time_of_day);
}

}  // namespace

Zone::Zone() : zone_(date::locate_zone("Asia/Shanghai")) {}

Result<Zone> Zone::Find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return Fail(Code::kInvalidArgument, "ZONE_UNKNOWN",
                "Must be a time zone of the IANA database, such as Asia/Shanghai.");
  }
}

std::string Zone::name() const { return zone_->name(); }

LocalDate Zone::DateOf(Instant at) const {
  const auto local = zone_->to_local(at);
  return std::chrono::sys_days(
      std::chrono::days(date::floor<date::days>(local).time_since_epoch().count()));
}

Instant Zone::StartOf(LocalDate day) const { return At(day, std::chrono::seconds(0)); }

Instant Zone::At(LocalDate day, std::chrono::seconds time_of_day) const {
  const auto local = LocalSeconds(day, time_of_day);
  const auto info = zone_->get_info(local);
  if (info.result == date::local_info::nonexistent) return Instant(info.first.end);
  return Instant(local.time_since_epoch() - info.first.offset);
}

std::chrono::seconds Zone::TimeOfDay(Instant at) const {
  const auto local = zone_->to_local(at);
  return std::chrono::floor<std::chrono::seconds>(local - date::floor<date::days>(local));
}

}  // namespace karez
