#include <algorithm>

#include "libs/protocols/decimal.h"
#include "libs/protocols/profiles_json/measure.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {
namespace {

using nlohmann::json;
using properties::Form;
using properties::PropertySpec;
using properties::Role;
using properties::ValueRule;

bool IsTime(Form form) {
  return form == Form::kUnixTime || form == Form::kUnixTimeMs || form == Form::kClock;
}

void ReadValueRules(ObjectReader& parent, const std::string& file, PropertySpec& out,
                    std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("values");
  for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("values") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"value", "meaning"}) reader.Require(key);
    ValueRule rule;
    reader.Text("value", rule.value);
    StatusRule always;
    ReadMeaning(reader, always);
    reader.Finish();
    rule.rule.push_back(always);
    out.values.push_back(std::move(rule));
  }
}

void CheckSpec(ObjectReader& reader, const PropertySpec& spec) {
  if (spec.measure && spec.form != Form::kNumber) {
    reader.Fault("quantity", "goes with numbers only");
  }
  if (spec.measure && spec.role != Role::kNone) reader.Fault("quantity", "goes without a role");
  if (spec.role == Role::kDeviceTime && !IsTime(spec.form)) {
    reader.Fault("role", "device_time must be of the type unix_time, unix_time_ms or clock");
  }
  if (spec.role == Role::kDeviceId && spec.form != Form::kText) {
    reader.Fault("role", "device_id must be of the type text");
  }
  if (spec.role == Role::kSignal && spec.form != Form::kNumber) {
    reader.Fault("role", "signal must be of the type number");
  }
  const bool status = spec.role == Role::kStatus;
  if (status && IsTime(spec.form)) reader.Fault("role", "status must be a number or text");
  if (status && spec.rules.empty() && spec.values.empty()) {
    reader.Fault("role", "status needs rules or values");
  }
  if (!status && !(spec.rules.empty() && spec.values.empty())) {
    reader.Fault("role", "must be status where there are rules or values");
  }
  if (!spec.rules.empty() && spec.form != Form::kNumber) {
    reader.Fault("rules", "go with numbers only");
  }
}

PropertySpec ReadSpec(const json& object, const std::string& path, const std::string& file,
                      std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, path, file, faults);
  for (const char* key : {"property", "name"}) reader.Require(key);
  PropertySpec spec;
  reader.Text("property", spec.property);
  if (reader.Has("property") && spec.property.empty()) {
    reader.Fault("property", "must not be empty");
  }
  reader.Text("service", spec.service);
  ReadFieldName(reader, spec.name);
  reader.Choice<Form>("type",
                      {{"number", Form::kNumber},
                       {"text", Form::kText},
                       {"unix_time", Form::kUnixTime},
                       {"unix_time_ms", Form::kUnixTimeMs},
                       {"clock", Form::kClock}},
                      spec.form);
  reader.Choice<Role>("role",
                      {{"device_id", Role::kDeviceId},
                       {"device_time", Role::kDeviceTime},
                       {"status", Role::kStatus},
                       {"signal", Role::kSignal}},
                      spec.role);
  spec.measure = ReadMeasure(reader);
  spec.no_value = reader.String("no_value");
  ReadStatusRules(reader, "rules", "the status", file, spec.rules, faults);
  ReadValueRules(reader, file, spec, faults);
  CheckSpec(reader, spec);
  reader.Finish();
  return spec;
}

}  // namespace

void ReadPropertiesProfile(const json& list, const std::string& file, properties::Profile& out,
                           std::vector<ProfileFault>& faults) {
  constexpr size_t kMax = properties::Profile::kMaxProperties;
  if (list.empty() || list.size() > kMax) {
    faults.push_back({file, "properties", "must be 1 to " + std::to_string(kMax) + " properties"});
  }
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string path = "properties[" + std::to_string(i) + "]";
    PropertySpec spec = ReadSpec(list[i], path, file, faults);
    const auto same = [&](const PropertySpec& other) {
      return other.property == spec.property &&
             (other.service == spec.service || other.service.empty());
    };
    if (std::any_of(out.properties.begin(), out.properties.end(), same)) {
      faults.push_back({file, path + ".property", "is described above"});
    }
    out.properties.push_back(std::move(spec));
  }
}

}  // namespace karez::protocols
