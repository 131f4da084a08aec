// What a frame says, in the terms of metering: the way from the codecs' inner model to millilitres,
// instants and days. Pure.
#pragma once

#include <optional>
#include <string>

#include "libs/base/zone.h"
#include "libs/protocols/profile.h"
#include "services/metering/domain/day_series.h"

namespace karez::metering::usecases {

struct Decoded {
  // Not empty: the frame cannot be used; reason is stable, detail is for people.
  std::string reason, detail;

  bool is_day = false;
  // A reading.
  std::int64_t value_ml = 0;
  std::optional<std::int64_t> settled_ml;
  std::optional<Instant> stated_time;  // the meter's clock, absent when it has none
  std::string valve;                   // "open", "closed", "fault" or empty
  bool battery_low = false;
  // A day of increments.
  LocalDate day;
  domain::Hours hours;
};

// `payload` is exactly one frame; the meter's clock runs in `zone`.
Decoded DecodeFrame(const protocols::MeterProfile& profile, const std::string& payload,
                    const Zone& zone);

}  // namespace karez::metering::usecases
