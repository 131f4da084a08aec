#include <tuple>

#include "libs/protocols/bcd.h"
#include "libs/protocols/cjt188/message.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

using cjt188::Field;
using cjt188::Form;
using cjt188::Message;

const Register* RegisterOf(const Observation& observation, const Field& field) {
  for (const Register& reading : observation.registers) {
    if (reading.place.offset == field.place.offset) return &reading;
  }
  return nullptr;
}

// "m3" → "m3", "kWh" → "kwh", "m3/h" → "m3h": the ending of a flat name.
std::string UnitSuffix(Unit unit) {
  std::string suffix;
  for (const char c : Lower(Name(unit))) {
    if (c != '/') suffix += c;
  }
  return suffix;
}

void ExplainDigits(const Field& field, const Register* reading, Json& out) {
  const std::string name(field.spec->name);
  const bool has_unit = field.spec->form == Form::kVolume || field.spec->form == Form::kScaled;
  if (field.spec->form == Form::kVolume || field.spec->form == Form::kAmount) {
    out[name + "_bcd"] = HexNumber(LoadLowFirst(field.bytes.first(4)), 8);
    out[name + "_2dp"] = field.rejected ? Json() : Json(Decimal(field.value, -2));
  }
  if (has_unit) out[name + "_unit"] = HexNumber(field.unit_code, 2);
  if (reading == nullptr) {
    out[name] = nullptr;
    return;
  }
  const std::string value = Decimal(reading->raw, reading->exponent);
  if (reading->quantity == Quantity::kOperatingTime) {
    out[name] = reading->raw;
    return;
  }
  const std::string_view unit = Name(reading->unit);
  out[name] = unit.empty() ? value : value + " " + std::string(unit);
  if (!unit.empty()) out[name + "_" + UnitSuffix(reading->unit)] = value;
}

// A clock that is nonsense in the profile's byte order, but a date in the other one.
void ExplainOtherClock(const MeterProfile& profile, const Field& field, Bytes frame, Json& out) {
  if (field.reason == RejectReason::kNoValue) return;
  cjt188::Profile other = profile.cjt188;
  other.clock_order = other.clock_order == cjt188::ClockOrder::kLowFirst
                          ? cjt188::ClockOrder::kHighFirst
                          : cjt188::ClockOrder::kLowFirst;
  Message message;
  if (!cjt188::ParseMessage(frame, other, message).ok()) return;
  const Field* clock = message.Find(field.spec->name);
  if (clock != nullptr && !clock->rejected) out["vendor_clock"] = TimeText(clock->time);
}

void ExplainStatus(const Message& message, const Field& field, const Observation& observation,
                   Json& out) {
  const bool one_byte = field.place.length == 1;
  const auto status = static_cast<uint64_t>(field.value);
  out["status"] = one_byte ? HexNumber(status >> 8, 2) : HexNumber(status, 4);
  if (message.error) return;
  if (observation.valve != ValveState::kUnknown) out["valve"] = Name(observation.valve);
  if (observation.battery != BatteryState::kUnknown) {
    out["battery_low"] = observation.battery == BatteryState::kLow;
  }
}

void ExplainField(const MeterProfile& profile, const Message& message,
                  const Observation& observation, const Field& field, Bytes frame, Json& out) {
  const std::string name(field.spec->name);
  switch (field.spec->form) {
    case Form::kVolume:
    case Form::kAmount:
    case Form::kScaled:
    case Form::kBcd:
      ExplainDigits(field, RegisterOf(observation, field), out);
      break;
    case Form::kClock:
      out[name] = field.rejected ? Json() : Json(TimeText(field.time));
      if (field.rejected) ExplainOtherClock(profile, field, frame, out);
      break;
    case Form::kDate:
      out[name] = field.rejected ? Json() : Json(DateText(field.time));
      break;
    case Form::kDay:
      out[name] = field.rejected ? Json() : Json(field.value);
      break;
    case Form::kStatus:
      ExplainStatus(message, field, observation, out);
      break;
    case Form::kAddress:
      out[name] = HexNumber(static_cast<uint64_t>(field.value), 14);
      break;
    case Form::kByte:
      out[name] = HexNumber(static_cast<uint64_t>(field.value), 2);
      break;
    case Form::kBytes:
      out[name] = Hex(field.bytes);
      break;
  }
}

void ExplainSeries(const Message& message, const Observation& observation, Json& out) {
  Json values = Json::array();
  for (const int64_t increment : message.increments) {
    values.push_back(increment == kAbsent ? Json()
                                          : Json(Decimal(increment, -message.series->decimals)));
  }
  out["interval_minutes"] = message.series->interval_minutes;
  out["increments"] = values;
  for (const Series& series : observation.series) {
    if (series.base != kAbsent) {
      out["base"] =
          Decimal(series.base, series.base_exponent) + " " + std::string(Name(series.base_unit));
    }
  }
}

Json FieldList(const Message& message, Bytes frame) {
  Json list = Json::array();
  const auto add = [&](std::string_view name, size_t offset, size_t length) {
    list.push_back(PlaceJson(name, frame, offset, length));
  };
  add("start", 0, 1);
  add("meter_type", 1, 1);
  add("address", 2, 7);
  add("control", 9, 1);
  add("length", 10, 1);
  if (message.has_identifier) add("di", cjt188::kHeaderSize, 2);
  add("ser", cjt188::kHeaderSize + (message.has_identifier ? 2 : 0), 1);
  for (const Field& field : message.fields) {
    add(field.spec->name, field.place.offset, field.place.length);
    if (field.rejected) list.back()["rejected"] = Name(field.reason);
  }
  if (message.series != nullptr) {
    add("increments", message.increments_place.offset, message.increments_place.length);
  }
  add("cs", frame.size() - 2, 1);
  add("end", frame.size() - 1, 1);
  return list;
}

void ExplainHeader(const cjt188::Header& header, Json& out) {
  out["meter_type"] = HexNumber(header.meter_type, 2);
  out["address"] = HexNumber(header.address.digits, 2 * static_cast<int>(cjt188::Address::kSize));
  out["control"] = HexNumber(header.control, 2);
  out["length"] = header.length;
}

Error CheckAt(Bytes bytes) {
  cjt188::Header header;
  Bytes data;
  const Error error = cjt188::ParseLink(bytes, header, data);
  // Bytes behind a whole frame belong to something else.
  if (error.fault == Fault::kLength && error.found <= cjt188::kMaxData) return {};
  return error;
}

Json ExplainFrame(const MeterProfile& profile, Bytes frame, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", frame.size()}};
  Message message;
  const Error error = cjt188::ParseMessage(frame, profile.cjt188, message);
  if (!error.ok()) {
    ExplainHeader(message.header, out);
    out["unsupported"] = Lower(Name(error.fault));
    out["position"] = offset + error.position;
    out["data"] = Hex(frame.subspan(cjt188::kHeaderSize, message.header.length));
    return out;
  }
  Observation observation;
  std::ignore = cjt188::Decode(frame, profile.cjt188, observation);  // as sound as the message
  ExplainHeader(message.header, out);
  if (message.has_identifier) {
    out["di_on_wire"] = Hex(frame.subspan(cjt188::kHeaderSize, 2));
    out["di"] = HexNumber(message.identifier, 4);
  }
  out["ser"] = message.ser;
  out["kind"] = Name(message.kind);
  if (message.more_follows) out["more_follows"] = true;
  for (const Field& field : message.fields) {
    ExplainField(profile, message, observation, field, frame, out);
  }
  if (message.series != nullptr) ExplainSeries(message, observation, out);
  out["alarms"] = AlarmsJson(observation);
  out["rejections"] = RejectionsJson(observation);
  out["fields"] = FieldList(message, frame);
  return out;
}

}  // namespace

Json ExplainCjt188(const Question& question, Bytes bytes) {
  const MeterProfile& profile = question.profile ? *question.profile : MeterProfile{};
  Json out = {{"protocol", "cjt188"}, {"profile", profile.id}};
  ExplainFrames(
      bytes, cjt188::Probe{}, [](Bytes rest) { return rest[0] == std::byte{0x68}; }, CheckAt, 2,
      [&](Bytes frame, size_t at) { return ExplainFrame(profile, frame, at); }, out);
  return out;
}

}  // namespace karez::protocols
