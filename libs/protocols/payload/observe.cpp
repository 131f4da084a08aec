#include <chrono>

#include "libs/protocols/payload/message.h"

namespace karez::protocols::payload {
namespace {

constexpr char kHexDigits[] = "0123456789ABCDEF";

FixedText<40> IdOf(const FieldSpec& spec, const Value& value) {
  FixedText<40> id;
  if (spec.form == Form::kText) {
    for (const std::byte b : value.bytes) id.push_back(static_cast<char>(b));
    return id;
  }
  const size_t size = value.bytes.size();
  for (size_t i = 0; i < size; ++i) {
    const bool low_first = spec.order == ByteOrder::kLittle && spec.form != Form::kBytes;
    const auto b = std::to_integer<unsigned>(value.bytes[low_first ? size - 1 - i : i]);
    id.push_back(kHexDigits[b >> 4]);
    id.push_back(kHexDigits[b & 0xF]);
  }
  return id;
}

void ObserveTime(const Value& value, Observation& out) {
  out.device_time = value.time;
  out.time_quality = TimeQuality::kStated;
  if (!value.rejected) return;
  const bool none = value.reason == RejectReason::kNoValue;
  out.time_quality = none ? TimeQuality::kNoClock : TimeQuality::kInvalid;
}

void ObserveStatus(const FieldSpec& spec, const Value& value, Observation& out) {
  const auto status = static_cast<uint32_t>(value.number);
  out.status = out.status ? *out.status << (8 * spec.size) | status : status;
  ApplyStatus(static_cast<uint16_t>(status & 0xFFFF), spec.rules, out);
}

void ObserveField(const FieldSpec& spec, const Value& value, Observation& out) {
  if (spec.role == Role::kDeviceTime) ObserveTime(value, out);
  if (value.rejected) {
    (void)out.rejections.push_back({spec.name, value.reason, value.place});
    return;
  }
  if (spec.role == Role::kDeviceId) out.device_id = IdOf(spec, value);
  if (spec.role == Role::kStatus) ObserveStatus(spec, value, out);
  if (spec.role == Role::kSequence) out.sequence = static_cast<uint32_t>(value.number);
  if (spec.role == Role::kResult && value.number != 0) out.kind = Kind::kRefused;
  if (!spec.measure) return;
  Register reading;
  reading.quantity = spec.measure->quantity;
  reading.storage = spec.measure->storage;
  reading.storage_index = spec.measure->storage_index;
  reading.exponent = spec.measure->exponent;
  reading.unit = spec.measure->unit;
  reading.place = value.place;
  reading.raw = value.number;
  (void)out.registers.push_back(reading);
}

LocalTime MovedTo(const LocalTime& time, DayTime at) {
  const std::chrono::year_month_day date{
      std::chrono::year{time.year}, std::chrono::month{time.month}, std::chrono::day{time.day}};
  const std::chrono::year_month_day moved{std::chrono::sys_days(date) + std::chrono::days{at.days}};
  LocalTime out;
  out.year = static_cast<uint16_t>(static_cast<int>(moved.year()));
  out.month = static_cast<uint8_t>(static_cast<unsigned>(moved.month()));
  out.day = static_cast<uint8_t>(static_cast<unsigned>(moved.day()));
  out.hour = at.hour;
  return out;
}

void ObserveSeries(const Message& message, const SeriesSpec& spec, Observation& out) {
  Series series;
  series.quantity = spec.measure.quantity;
  series.exponent = spec.measure.exponent;
  series.unit = spec.measure.unit;
  series.interval_minutes = spec.interval_minutes;
  series.place = {spec.offset, spec.size()};
  for (const int64_t increment : message.increments) series.increments.push_back(increment);
  if (spec.start) {
    const Value& start = message.values[*spec.start];
    if (start.rejected) return;  // increments of no known time
    series.start = spec.start_at ? MovedTo(start.time, *spec.start_at) : start.time;
  }
  if (spec.base && !message.values[*spec.base].rejected) {
    const FieldSpec& base = message.layout->fields[*spec.base];
    series.base = message.values[*spec.base].number;
    series.base_exponent = base.measure->exponent;
    series.base_unit = base.measure->unit;
  }
  (void)out.series.push_back(series);
}

}  // namespace

void Observe(const Message& message, Observation& out) {
  out = {};
  const Layout& layout = *message.layout;
  out.kind = layout.kind;
  for (size_t i = 0; i < layout.fields.size(); ++i) {
    ObserveField(layout.fields[i], message.values[i], out);
  }
  if (layout.series) ObserveSeries(message, *layout.series, out);
}

}  // namespace karez::protocols::payload
