// Hourly increments of one register and day, merged slot by slot. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace karez::metering::domain {

inline constexpr std::int64_t kMissingHour = -1;

// Millilitres per hour of the day, kMissingHour where none is known.
using Hours = std::array<std::int64_t, 24>;

Hours NoHours();
// Sum of the hours that are there.
std::int64_t TotalMl(const Hours& hours);

struct Merged {
  Hours hours;           // stored ones stay; found ones fill the gaps
  bool changed = false;  // false: nothing in it was new
  std::string
      conflict;  // hours whose found value differs from the stored one, for people; or empty
};
Merged Merge(const Hours& stored, const Hours& found);

}  // namespace karez::metering::domain
