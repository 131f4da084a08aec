#include "libs/protocols/cjt188/link.h"
#include "libs/protocols/cjt188/units.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {
namespace {

using cjt188::Profile;
using cjt188::SeriesSpec;
using nlohmann::json;

void ReadUnit(ObjectReader& reader, std::string_view key, std::optional<uint8_t>& out) {
  if (!reader.Has(key)) return;
  uint32_t code = 0;
  reader.Hex(key, 2, code);
  if (cjt188::IsVolume(cjt188::UnitOf(static_cast<uint8_t>(code)).unit)) {
    out = static_cast<uint8_t>(code);
  } else {
    reader.Fault(key, "must be the code of a volume unit: 29 to 2E");
  }
}

void ReadValve(ObjectReader& parent, const std::string& file, Profile& out,
               std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("valve");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("valve"), file, faults);
  uint32_t control = out.valve_control;
  reader.Hex("control", 2, control);
  if (control != 0x04 && control != 0x2A) reader.Fault("control", "must be 04 or 2A");
  out.valve_control = static_cast<uint8_t>(control);
  const std::pair<std::string_view, std::optional<uint8_t>*> codes[] = {
      {"open", &out.valve.open},           {"close", &out.valve.close},
      {"half_open", &out.valve.half_open}, {"exercise", &out.valve.exercise},
      {"free_open", &out.valve.free_open}, {"free_close", &out.valve.free_close},
      {"query", &out.valve.query}};
  for (const auto& [key, code] : codes) {
    if (!reader.Has(key)) continue;
    uint32_t value = 0;
    reader.Hex(key, 2, value);
    *code = static_cast<uint8_t>(value);
  }
  reader.Finish();
}

void ReadSeries(ObjectReader& parent, const std::string& file, Profile& out,
                std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("series");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("series") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"identifier", "count", "width", "decimals"}) reader.Require(key);
    SeriesSpec spec;
    uint32_t identifier = 0;
    reader.Hex("identifier", 4, identifier);
    spec.identifier = static_cast<uint16_t>(identifier);
    reader.Number("interval_minutes", 1, 1440, spec.interval_minutes);
    reader.Number("count", 1, static_cast<int>(Series::kMaxSlots), spec.count);
    reader.Number("width", 1, 4, spec.width);
    reader.Number("decimals", 0, 6, spec.decimals);
    reader.Flag("base", spec.has_base);
    reader.Flag("status", spec.has_status);
    reader.Finish();
    if (spec.DataLength() > cjt188::kMaxData) {
      reader.Fault("", "needs " + std::to_string(spec.DataLength()) +
                           " data bytes, a frame holds 100: lower count or width");
    }
    if (out.FindSeries(spec.identifier) != nullptr) {
      reader.Fault("identifier", "is declared twice");
    }
    if (!out.series.push_back(spec)) {
      parent.Fault("series", "must have at most 4 entries");
      return;
    }
  }
}

}  // namespace

void ReadCjt188Profile(const json& object, const std::string& file, Profile& out,
                       std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "cjt188", file, faults);
  reader.Choice<cjt188::Edition>(
      "edition", {{"2004", cjt188::Edition::k2004}, {"2018", cjt188::Edition::k2018}}, out.edition);
  uint32_t meter_type = out.meter_type;
  reader.Hex("meter_type", 2, meter_type);
  out.meter_type = static_cast<uint8_t>(meter_type);
  reader.Choice<cjt188::DiOrder>(
      "identifier_order",
      {{"high_first", cjt188::DiOrder::kHighFirst}, {"low_first", cjt188::DiOrder::kLowFirst}},
      out.di_order);
  reader.Choice<cjt188::ClockOrder>("clock_order",
                                    {{"low_first", cjt188::ClockOrder::kLowFirst},
                                     {"high_first", cjt188::ClockOrder::kHighFirst}},
                                    out.clock_order);
  reader.Number("wake_up_bytes", 0, 10, out.wake_up_bytes);
  reader.Number("volume_decimals", 0, 6, out.volume_decimals);
  ReadUnit(reader, "unit_override", out.unit_override);
  std::optional<uint8_t> implied = out.implied_unit;
  ReadUnit(reader, "implied_unit", implied);
  out.implied_unit = *implied;
  ReadStatusRules(reader, "status", "ST0 ST1", file, out.status, faults);
  ReadValve(reader, file, out, faults);
  ReadSeries(reader, file, out, faults);
  reader.Finish();
}

}  // namespace karez::protocols
