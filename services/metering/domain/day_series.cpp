#include "services/metering/domain/day_series.h"

namespace karez::metering::domain {

Hours NoHours() {
  Hours hours;
  hours.fill(kMissingHour);
  return hours;
}

std::int64_t TotalMl(const Hours& hours) {
  std::int64_t total = 0;
  for (const std::int64_t hour : hours) {
    if (hour != kMissingHour) total += hour;
  }
  return total;
}

Merged Merge(const Hours& stored, const Hours& found) {
  Merged out{stored, false, {}};
  for (std::size_t hour = 0; hour < found.size(); ++hour) {
    if (found[hour] == kMissingHour || found[hour] == stored[hour]) continue;
    if (stored[hour] == kMissingHour) {
      out.hours[hour] = found[hour];
      out.changed = true;
      continue;
    }
    out.conflict += (out.conflict.empty() ? "Hour " : "; hour ") + std::to_string(hour) +
                    ": stored " + std::to_string(stored[hour]) + " mL, found " +
                    std::to_string(found[hour]) + " mL";
  }
  return out;
}

}  // namespace karez::metering::domain
