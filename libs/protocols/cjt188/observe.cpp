#include "libs/protocols/cjt188/message.h"
#include "libs/protocols/cjt188/units.h"

namespace karez::protocols::cjt188 {
namespace {

void AddRejection(const Field& field, RejectReason reason, Observation& out) {
  out.rejections.push_back({field.spec->name, reason, field.place});
}

// Unit and exponent of a field, or false for a code that is none of the quantity's.
bool ScaleOf(const Field& field, const Profile& profile, Register& out) {
  const FieldSpec& spec = *field.spec;
  if (spec.form == Form::kBcd) {
    out.unit = spec.unit;
    out.exponent = static_cast<int8_t>(-spec.decimals);
    return true;
  }
  const bool volume = spec.form == Form::kVolume || spec.form == Form::kAmount;
  uint8_t code = spec.form == Form::kAmount ? profile.implied_unit : field.unit_code;
  if (volume && profile.unit_override) code = *profile.unit_override;
  const ScaledUnit unit = UnitOf(code);
  if (unit.unit == Unit::kNone || (volume && !IsVolume(unit.unit))) return false;
  out.unit = unit.unit;
  out.unit_code = field.unit_code;
  out.exponent =
      static_cast<int8_t>(unit.exponent - (volume ? profile.volume_decimals : spec.decimals));
  return true;
}

void ObserveRegister(const Message& message, const Field& field, const Profile& profile,
                     Observation& out) {
  const FieldSpec& spec = *field.spec;
  Register reading;
  if (!ScaleOf(field, profile, reading)) {
    return AddRejection(field, RejectReason::kUnknownUnit, out);
  }
  reading.quantity = spec.quantity;
  reading.storage = spec.storage;
  reading.storage_index = spec.storage_index;
  if (message.identifier >= 0xD120 && message.identifier <= 0xD12B) {
    reading.storage_index = static_cast<uint8_t>(message.identifier - 0xD120 + 1);
  } else if (spec.storage == Storage::kFreeze) {
    reading.storage_index = static_cast<uint8_t>(message.identifier & 0xFF);
  }
  reading.place = field.place;
  reading.raw = field.value;
  out.registers.push_back(reading);
}

void ObserveTime(const Field& field, Observation& out) {
  out.device_time = field.time;
  if (!field.rejected) {
    out.time_quality = TimeQuality::kStated;
    return;
  }
  out.device_time = {};
  out.time_quality =
      field.reason == RejectReason::kNoValue ? TimeQuality::kNoClock : TimeQuality::kInvalid;
}

void ObserveField(const Message& message, const Field& field, const Profile& profile,
                  Observation& out) {
  const Form form = field.spec->form;
  if (form == Form::kClock) ObserveTime(field, out);
  if (field.rejected) return AddRejection(field, field.reason, out);
  switch (form) {
    case Form::kVolume:
    case Form::kAmount:
    case Form::kScaled:
    case Form::kBcd:
      ObserveRegister(message, field, profile, out);
      break;
    case Form::kStatus:
      out.status = static_cast<uint32_t>(field.value);
      // The status of a refusal is an error code, not the meter's state.
      if (!message.error) ApplyStatus(static_cast<uint16_t>(field.value), profile.status, out);
      break;
    case Form::kClock:
    case Form::kDate:
    case Form::kDay:
    case Form::kAddress:
    case Form::kByte:
    case Form::kBytes:
      break;
  }
}

// Day and base go into the series; without a valid day the increments belong nowhere.
void ObserveSeries(const Message& message, const Profile& profile, Observation& out) {
  Series series;
  const SeriesSpec& spec = *message.series;
  for (const Field& field : message.fields) {
    if (field.spec->form == Form::kVolume && !field.rejected) {
      Register base;
      if (!ScaleOf(field, profile, base)) {
        AddRejection(field, RejectReason::kUnknownUnit, out);
        continue;
      }
      series.base = field.value;
      series.base_exponent = base.exponent;
      series.base_unit = base.unit;
    } else if (field.spec->form == Form::kDate && !field.rejected) {
      series.start = field.time;
    } else {
      ObserveField(message, field, profile, out);
    }
  }
  if (message.bad_increment.length != 0) {
    out.rejections.push_back({"increments", RejectReason::kNotBcd, message.bad_increment});
  }
  if (!IsValid(series.start)) return;
  series.unit = Unit::kCubicMetre;
  series.exponent = static_cast<int8_t>(-spec.decimals);
  series.interval_minutes = spec.interval_minutes;
  series.place = message.increments_place;
  for (const int64_t increment : message.increments) series.increments.push_back(increment);
  out.series.push_back(series);
}

}  // namespace

void Observe(const Message& message, const Profile& profile, Observation& out) {
  out.Clear();
  out.kind = message.kind;
  out.device_id = message.header.address.Text();
  out.device_type = message.header.meter_type;
  out.control = message.header.control;
  out.identifier = message.identifier;
  out.sequence = message.ser;
  if (message.kind == Kind::kRequest) return;
  if (message.series != nullptr) {
    ObserveSeries(message, profile, out);
    return;
  }
  for (const Field& field : message.fields) ObserveField(message, field, profile, out);
}

}  // namespace karez::protocols::cjt188
