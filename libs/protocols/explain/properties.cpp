#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/properties/observe.h"

namespace karez::protocols {
namespace {

using platforms::Property;
using properties::Form;
using properties::PropertySpec;
using properties::Value;

Json PlainJson(const Property& property) {
  if (property.type == Property::Type::kText) return property.text;
  if (property.type == Property::Type::kBool) return property.raw != 0;
  if (property.exponent == 0) return property.raw;
  return Decimal(property.raw, property.exponent);
}

void ExplainOne(const PropertySpec& spec, const Property& property, Json& out) {
  const Value value = properties::Read(spec, property);
  if (value.rejected) {
    out[spec.name] = nullptr;
    return;
  }
  if (spec.measure) {
    payload::Measure measure = *spec.measure;
    measure.exponent = static_cast<int8_t>(measure.exponent + value.number.exponent);
    return ExplainMeasure(spec.name, measure, value.number.raw, out);
  }
  switch (spec.form) {
    case Form::kNumber:
    case Form::kText:
      out[spec.name] = PlainJson(property);
      return;
    case Form::kUnixTime:
    case Form::kUnixTimeMs:
      out[spec.name] = TimeText(value.time) + "Z";
      return;
    case Form::kClock:
      out[spec.name] = TimeText(value.time);
      return;
  }
}

}  // namespace

void ExplainProperties(const Question& question, std::span<const Property> list, Json& out) {
  if (question.profile == nullptr || question.profile->properties.properties.empty()) return;
  const properties::Profile& profile = question.profile->properties;
  Json decoded = Json::object();
  for (const Property& property : list) {
    const PropertySpec* spec = properties::Find(profile, property);
    if (spec != nullptr) ExplainOne(*spec, property, decoded);
  }
  if (decoded.empty()) return;
  Observation observation;
  properties::Observe(list, profile, observation);
  ExplainState(observation, decoded);
  if (!observation.device_id.empty()) decoded["device_id"] = observation.device_id.view();
  if (observation.signal_dbm) decoded["signal_dbm"] = *observation.signal_dbm;
  out["profile"] = question.profile->id;
  out["decoded"] = std::move(decoded);
}

}  // namespace karez::protocols
