// When a reading counts as taken, and whether it can be true. Pure: the same readings judged again
// give the same result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/time.h"
#include "services/metering/domain/meter.h"

namespace karez::metering::domain {

// ---- time
// ----------------------------------------------------------------------------------------

enum class TimeQuality {
  kDevice,    // the meter's clock
  kReceived,  // when the edge had it, because the meter's clock is absent or wrong
};
std::string Name(TimeQuality quality);

// How the frame came.
enum class Path {
  kPolled,  // the answer to a question just asked: when it was received is when it was read
  kKept,    // a terminal may have kept it for days
};

struct ClockRule {
  Duration ahead = std::chrono::minutes(10);
  // With the 40 days a frame may have waited on its way, inside the 13 months of partitions.
  Duration behind = std::chrono::days(350);
};

struct Placed {
  Instant time;
  TimeQuality quality = TimeQuality::kDevice;
};

// `stated`: the meter's clock, absent when it has none. A clock that is ahead of the receipt, or
// too far behind it, is wrong: a polled reading then counts as taken on receipt; a kept one cannot
// be placed (no value).
std::optional<Placed> PlaceInTime(std::optional<Instant> stated, Instant received, Path path,
                                  const ClockRule& rule = {});

// ---- value
// ---------------------------------------------------------------------------------------

struct Point {
  Instant time;
  std::int64_t value_ml = 0;
  friend bool operator==(const Point&, const Point&) = default;
};

// What passed between two readings of one register.
struct Difference {
  std::int64_t ml = 0;  // negative: it ran backwards
  bool rollover = false;
  bool possible = true;  // within the overload flow of the diameter over that time
};
// `from.time` <= `to.time`. The roll-over is counted in when that is the smaller change.
Difference Between(const Register& reg, const Point& from, const Point& to);

struct Verdict {
  enum class Kind { kStore, kDuplicate, kQuarantine };
  Kind kind = Kind::kStore;
  std::vector<std::string> flags;  // kStore: "reverse", "rollover", "jump"; sorted
  std::string reason;              // kQuarantine: "conflict", "impossible_jump" …
  std::string detail;              // kQuarantine: what was expected and what was found
};

// `same_time`: the stored reading of that very time; `before`: the last one before it.
Verdict Judge(const Register& reg, const Point& found, const std::optional<Point>& same_time,
              const std::optional<Point>& before);

// What is known of a meter at one moment.
struct Reading {
  MeterId meter_id;
  Point point;
  Instant received_at;
  TimeQuality quality = TimeQuality::kDevice;
  std::optional<std::int64_t> settled_ml;  // volume at the meter's last settlement day
  std::string valve;                       // "open", "closed", "fault" or empty
  bool battery_low = false;
  std::vector<std::string> flags;
};

}  // namespace karez::metering::domain
