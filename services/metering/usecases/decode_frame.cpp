#include "services/metering/usecases/decode_frame.h"

#include <span>

#include "libs/protocols/codec.h"

namespace karez::metering::usecases {
namespace {

using protocols::Observation;

Decoded Unusable(std::string reason, std::string detail) {
  Decoded out;
  out.reason = std::move(reason);
  out.detail = std::move(detail);
  return out;
}

LocalDate DateOf(const protocols::LocalTime& time) {
  return std::chrono::year(time.year) / std::chrono::month(time.month) / std::chrono::day(time.day);
}

Decoded FromError(const protocols::Error& error) {
  return Unusable("undecodable", std::string(Name(error.fault)) + " at byte " +
                                     std::to_string(error.position) + ": expected " +
                                     std::to_string(error.expected) + ", found " +
                                     std::to_string(error.found) + ".");
}

std::optional<std::int64_t> Millilitres(const protocols::Register* reg) {
  if (reg == nullptr) return std::nullopt;
  return protocols::ToMillilitres(reg->raw, reg->exponent, reg->unit);
}

// Why there is no volume, for people.
std::string Rejections(const Observation& seen) {
  std::string text = "The frame carries no current volume.";
  for (const protocols::Rejection& rejection : seen.rejections) {
    text += " " + std::string(rejection.field) + ": " + std::string(Name(rejection.reason)) + ".";
  }
  return text;
}

Decoded FromReading(const Observation& seen, const Zone& zone) {
  using protocols::Quantity;
  using protocols::Storage;
  const auto value = Millilitres(seen.Find(Quantity::kVolume));
  if (!value) return Unusable("no_value", Rejections(seen));
  Decoded out;
  out.value_ml = *value;
  out.settled_ml = Millilitres(seen.Find(Quantity::kVolume, Storage::kSettlement, 1));
  if (seen.time_quality == protocols::TimeQuality::kStated && IsValid(seen.device_time)) {
    const auto& time = seen.device_time;
    out.stated_time =
        zone.At(DateOf(time), std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) +
                                  std::chrono::seconds(time.second));
  }
  switch (seen.valve) {
    case protocols::ValveState::kUnknown:
      break;
    case protocols::ValveState::kOpen:
      out.valve = "open";
      break;
    case protocols::ValveState::kClosed:
      out.valve = "closed";
      break;
    case protocols::ValveState::kAbnormal:
      out.valve = "fault";
      break;
  }
  out.battery_low = seen.battery == protocols::BatteryState::kLow;
  return out;
}

Decoded FromSeries(const Observation& seen) {
  if (seen.series.empty()) return Unusable("no_value", Rejections(seen));
  const protocols::Series& series = seen.series[0];
  const bool whole_day = series.interval_minutes == 60 && series.increments.size() == 24 &&
                         series.start.hour == 0 && series.start.minute == 0 &&
                         series.start.second == 0;
  if (!whole_day || series.quantity != protocols::Quantity::kVolume) {
    return Unusable("series_layout", "Expected 24 hourly volumes from midnight, found " +
                                         std::to_string(series.increments.size()) +
                                         " values every " +
                                         std::to_string(series.interval_minutes) + " minutes.");
  }
  Decoded out;
  out.is_day = true;
  out.day = DateOf(series.start);
  out.hours = domain::NoHours();
  for (std::size_t hour = 0; hour < out.hours.size(); ++hour) {
    const std::int64_t raw = series.increments[hour];
    if (raw == protocols::kAbsent || raw < 0) continue;
    const auto ml = protocols::ToMillilitres(raw, series.exponent, series.unit);
    if (ml) out.hours[hour] = *ml;
  }
  return out;
}

}  // namespace

Decoded DecodeFrame(const protocols::MeterProfile& profile, const std::string& payload,
                    const Zone& zone) {
  Observation seen;
  const auto bytes = std::as_bytes(std::span(payload));
  if (const auto error = protocols::Decode(profile, bytes, seen); !error.ok()) {
    return FromError(error);
  }
  switch (seen.kind) {
    case protocols::Kind::kReading:
      return FromReading(seen, zone);
    case protocols::Kind::kSeries:
      return FromSeries(seen);
    case protocols::Kind::kRequest:
    case protocols::Kind::kHistory:
    case protocols::Kind::kParameter:
    case protocols::Kind::kAcknowledged:
    case protocols::Kind::kRefused:
      break;
  }
  return Unusable("no_reading", "The frame is of kind " + std::string(Name(seen.kind)) +
                                    " and carries no reading.");
}

}  // namespace karez::metering::usecases
