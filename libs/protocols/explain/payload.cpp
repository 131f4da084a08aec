#include <charconv>

#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/payload/message.h"

namespace karez::protocols {
namespace {

using payload::FieldSpec;
using payload::Form;
using payload::Measure;
using payload::Message;
using payload::Role;
using payload::SeriesSpec;
using payload::Value;

// "m3" → "m3", "kWh" → "kwh", "m3/h" → "m3h": the ending of a flat name.
std::string UnitSuffix(Unit unit) {
  std::string suffix = "_";
  for (const char c : Lower(Name(unit))) {
    if (c != '/') suffix += c;
  }
  return suffix;
}

}  // namespace

void ExplainMeasure(const std::string& name, Measure measure, int64_t number, Json& out) {
  if (measure.unit == Unit::kLitre) {
    measure.unit = Unit::kCubicMetre;
    measure.exponent = static_cast<int8_t>(measure.exponent - 3);
  }
  const std::string text = Decimal(number, measure.exponent);
  if (measure.unit == Unit::kNone) {
    out[name] = text;
    return;
  }
  out[name] = text + " " + std::string(Name(measure.unit));
  out[name + UnitSuffix(measure.unit)] = text;
}

namespace {

std::string StatusTextOf(const FieldSpec& spec, int64_t status) {
  std::string all;
  for (const payload::StatusText& text : spec.texts) {
    if ((status & text.mask) == text.value) all += (all.empty() ? "" : ", ") + text.text;
  }
  return all.empty() ? "unknown" : all;
}

void ExplainStatus(const FieldSpec& spec, const Value& value, Json& out) {
  out[spec.name] = HexNumber(static_cast<uint64_t>(value.number), 2 * spec.size);
  if (!spec.texts.empty()) out[spec.name + "_text"] = StatusTextOf(spec, value.number);
}

void ExplainValue(const FieldSpec& spec, const Value& value, Json& out) {
  if (value.rejected) {
    out[spec.name] = nullptr;
    return;
  }
  switch (spec.form) {
    case Form::kUnsigned:
    case Form::kSigned:
    case Form::kBcd:
      if (spec.role == Role::kStatus) return ExplainStatus(spec, value, out);
      if (spec.measure) return ExplainMeasure(spec.name, *spec.measure, value.number, out);
      out[spec.name] = value.number;
      return;
    case Form::kText:
      out[spec.name] = Text(value.bytes);
      return;
    case Form::kBytes:
      out[spec.name] = CompactHex(value.bytes);
      return;
    case Form::kUnixTime:
      out[spec.name] = TimeText(value.time) + "Z";
      return;
    case Form::kClock:
    case Form::kClockBcd:
    case Form::kClockText:
      out[spec.name] = TimeText(value.time);
      return;
  }
}

void ExplainSeries(const SeriesSpec& spec, const Message& message, Json& out) {
  constexpr size_t kFirst = 3;
  Json all = Json::array();
  for (const int64_t increment : message.increments) {
    if (increment == kAbsent) {
      all.push_back(nullptr);
    } else if (spec.measure.exponent == 0) {
      all.push_back(increment);
    } else {
      all.push_back(Decimal(increment, spec.measure.exponent));
    }
  }
  const std::string suffix = spec.measure.unit == Unit::kNone ? "" : UnitSuffix(spec.measure.unit);
  if (all.size() > kFirst) {
    out["first_" + spec.name + suffix] = Json(all.begin(), all.begin() + kFirst);
  }
  out[spec.name + suffix] = std::move(all);
  out["interval_minutes"] = spec.interval_minutes;
}

}  // namespace

void ExplainState(const Observation& observation, Json& out) {
  if (observation.valve != ValveState::kUnknown) out["valve"] = Name(observation.valve);
  if (observation.battery != BatteryState::kUnknown) {
    out["battery_low"] = observation.battery == BatteryState::kLow;
  }
  out["alarms"] = AlarmsJson(observation);
  out["rejections"] = RejectionsJson(observation);
}

namespace {

Json FieldList(const Message& message) {
  Json list = Json::array();
  for (size_t i = 0; i < message.values.size(); ++i) {
    const Value& value = message.values[i];
    list.push_back(PlaceJson(message.layout->fields[i].name, message.bytes, value.place.offset,
                             value.place.length));
    if (value.rejected) list.back()["rejected"] = Name(value.reason);
  }
  if (message.layout->series) {
    const SeriesSpec& series = *message.layout->series;
    list.push_back(PlaceJson(series.name, message.bytes, series.offset, series.size()));
  }
  return list;
}

Json ExplainLayout(const payload::Profile& profile, std::optional<uint8_t> port, Bytes bytes) {
  Message message;
  if (const Error error = payload::ParsePayload(bytes, profile, port, message); !error.ok()) {
    return FaultJson(error, 0, 2);
  }
  Json out = {{"valid", true}, {"layout", message.layout->name}, {"bytes", message.bytes.size()}};
  for (size_t i = 0; i < message.values.size(); ++i) {
    ExplainValue(message.layout->fields[i], message.values[i], out);
  }
  if (message.layout->series) ExplainSeries(*message.layout->series, message, out);
  Observation observation;
  payload::Observe(message, observation);
  if (message.layout->series && !observation.series.empty()) {
    const bool utc = message.layout->series->start &&
                     message.layout->fields[*message.layout->series->start].form == Form::kUnixTime;
    out["series_start"] = TimeText(observation.series[0].start) + (utc ? "Z" : "");
  }
  out["kind"] = Name(observation.kind);
  out["dir"] = observation.kind == Kind::kRequest ? "down" : "up";
  ExplainState(observation, out);
  out["fields"] = FieldList(message);
  return out;
}

// The known profiles that have a layout for these bytes.
std::vector<const MeterProfile*> ProfilesFor(const Question& question, std::optional<uint8_t> port,
                                             Bytes bytes) {
  std::vector<const MeterProfile*> fitting;
  if (question.known == nullptr) return fitting;
  for (const MeterProfile& profile : *question.known) {
    Message message;
    if (payload::ParsePayload(bytes, profile.payload, port, message).ok()) {
      fitting.push_back(&profile);
    }
  }
  return fitting;
}

// False, with what is wrong in `out`: no number of a port.
bool ReadPort(const Question& question, std::optional<uint8_t>& port, Json& out) {
  const auto found = question.keys.find("f_port");
  if (found == question.keys.end()) return true;
  const std::string& text = found->second;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port.emplace());
  if (fault == std::errc() && end == text.data() + text.size()) return true;
  out.update({{"reason", "key"}, {"key", "f_port"}, {"expected", "0 to 255"}});
  return false;
}

}  // namespace

// Bytes of some size alone say little: whoever names a profile or a port knows what they are.
bool FitsPayload(const Question& question, Bytes bytes) {
  const bool is_payload = question.profile != nullptr || question.keys.contains("f_port");
  return is_payload && ExplainPayload(question, bytes).at("valid").get<bool>();
}

Json ExplainPayload(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "payload"}, {"valid", false}};
  std::optional<uint8_t> port;
  if (!ReadPort(question, port, out)) return out;
  const MeterProfile* profile = question.profile;
  if (profile == nullptr) {
    const std::vector<const MeterProfile*> fitting = ProfilesFor(question, port, bytes);
    if (fitting.size() == 1) profile = fitting[0];
    for (const MeterProfile* one : fitting) out["profiles"].push_back(one->id);
  }
  if (profile == nullptr || profile->payload.layouts.empty()) {
    out["reason"] = "profile";
    return out;
  }
  out["profile"] = profile->id;
  out.update(ExplainLayout(profile->payload, port, bytes));
  return out;
}

void ExplainPayloadInside(const Question& question, uint8_t port, Bytes bytes, Json& out) {
  if (question.profile == nullptr || question.profile->payload.layouts.empty()) return;
  out["profile"] = question.profile->id;
  out["decoded"] = ExplainLayout(question.profile->payload, port, bytes);
}

}  // namespace karez::protocols
