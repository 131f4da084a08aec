#include "libs/protocols/profiles_json/meter_profile.h"

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/reader.h"

namespace karez::protocols {
namespace {

using nlohmann::json;

// Frames may hold text that is no UTF-8.
std::string Shown(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Each example is decoded by the profile itself: a profile that cannot read its own captured frame
// is wrong.
void CheckExample(const Question& question, ObjectReader& reader, const json& expected) {
  const json found = Explain(question).json;
  if (!found.at("valid").get<bool>()) {
    reader.Fault("frame", "is no frame of this protocol: " + found.at("reason").get<std::string>());
    return;
  }
  for (const auto& [key, value] : expected.items()) {
    const auto actual = found.find(key);
    if (actual == found.end()) {
      reader.Fault("expect." + key, "is not in the decoded frame");
    } else if (*actual != value) {
      reader.Fault("expect." + key, "is " + Shown(*actual) + " when decoded with this profile");
    }
  }
}

void ReadExamples(ObjectReader& parent, const std::string& file, const MeterProfile& profile,
                  std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("examples");
  if (list == nullptr) return;
  if (list->empty()) parent.Fault("examples", "must hold at least one captured frame");
  const bool sound = faults.empty();
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], "examples[" + std::to_string(i) + "]", file, faults);
    for (const char* key : {"frame", "expect"}) reader.Require(key);
    const json* expected = reader.Object("expect");
    if (expected != nullptr && expected->empty()) {
      reader.Fault("expect", "must name at least one value");
    }
    Question question;
    question.protocol = reader.String("protocol").value_or(std::string(Name(profile.protocol)));
    question.profile = &profile;
    question.content = reader.String("frame").value_or("");
    if (FindExplainer(question.protocol) == nullptr) {
      reader.Fault("protocol", "is not known");
      continue;
    }
    reader.Choice<Direction>("direction",
                             {{"request", Direction::kRequest}, {"response", Direction::kResponse}},
                             question.direction);
    reader.Flag("already_decrypted", question.already_decrypted);
    if (const json* keys = reader.Object("keys")) {
      ObjectReader names(*keys, reader.Path("keys"), file, faults);
      for (const auto& [name, key] : keys->items()) {
        question.keys[name] = names.String(name).value_or("");
      }
    }
    if (sound && expected != nullptr) CheckExample(question, reader, *expected);
    reader.Finish();
  }
}

void CheckId(ObjectReader& reader, const std::string& file) {
  const std::string id = file.substr(0, file.size() - std::string_view(".json").size());
  const bool characters =
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  if (id.empty() || id.size() > 40 || !characters) {
    reader.Fault("", "file name must be 1 to 40 of a-z, 0-9 and '-', then .json");
  }
}

}  // namespace

void ReadMeterProfile(const json& object, const std::string& file, MeterProfile& out,
                      std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "", file, faults);
  CheckId(reader, file);
  for (const char* key : {"vendor", "model", "protocol", "examples"}) reader.Require(key);
  reader.Text("vendor", out.vendor);
  reader.Text("model", out.model);
  reader.Text("firmware", out.firmware);
  reader.Choice<Protocol>("protocol",
                          {{"cjt188", Protocol::kCjt188},
                           {"dlt645", Protocol::kDlt645},
                           {"modbus-rtu", Protocol::kModbusRtu},
                           {"modbus-tcp", Protocol::kModbusTcp},
                           {"mbus", Protocol::kMbus},
                           {"wmbus", Protocol::kWmbus},
                           {"payload", Protocol::kPayload}},
                          out.protocol);
  if (const json* section = reader.Object("cjt188")) {
    ReadCjt188Profile(*section, file, out.cjt188, faults);
  }
  if (const json* section = reader.Object("mbus")) {
    ReadMbusProfile(*section, file, out.mbus, faults);
  }
  if (const json* section = reader.Object("dlt645")) {
    ReadDlt645Profile(*section, file, out.dlt645, faults);
  }
  if (const json* section = reader.Object("modbus")) {
    ReadModbusProfile(*section, file, out.modbus, faults);
  }
  if (const json* section = reader.Object("payload")) {
    ReadPayloadProfile(*section, file, out.payload, faults);
  }
  if (const json* section = reader.Array("properties")) {
    ReadPropertiesProfile(*section, file, out.properties, faults);
  }
  ReadExamples(reader, file, out, faults);
  reader.Finish();
}

}  // namespace karez::protocols
