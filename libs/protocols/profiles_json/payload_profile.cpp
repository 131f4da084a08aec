#include "libs/protocols/explain/explain.h"
#include "libs/protocols/profiles_json/measure.h"
#include "libs/protocols/profiles_json/meter_profile.h"
#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {
namespace {

using nlohmann::json;
using payload::ByteOrder;
using payload::FieldSpec;
using payload::Form;
using payload::Layout;
using payload::Measure;
using payload::Role;
using payload::SeriesSpec;

constexpr int kMaxSize = 1024;

struct TypeName {
  std::string_view name;
  Form form;
  uint16_t size;  // 0: the field tells it
  uint16_t min = 0;
  uint16_t max = 0;
};
constexpr TypeName kTypes[] = {
    {"u8", Form::kUnsigned, 1},        {"u16", Form::kUnsigned, 2},
    {"u24", Form::kUnsigned, 3},       {"u32", Form::kUnsigned, 4},
    {"u48", Form::kUnsigned, 6},       {"u64", Form::kUnsigned, 8},
    {"i8", Form::kSigned, 1},          {"i16", Form::kSigned, 2},
    {"i32", Form::kSigned, 4},         {"i64", Form::kSigned, 8},
    {"unix_time", Form::kUnixTime, 4}, {"bcd", Form::kBcd, 0, 1, 8},
    {"text", Form::kText, 0, 1, 40},   {"bytes", Form::kBytes, 0, 1, 255},
    {"clock", Form::kClock, 0, 6, 7},  {"clock_bcd", Form::kClockBcd, 0, 6, 7}};

void ReadType(ObjectReader& reader, FieldSpec& out) {
  const auto text = reader.String("type");
  if (!text) return;
  std::string allowed;
  for (const TypeName& type : kTypes) {
    if (*text != type.name) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(type.name);
      continue;
    }
    out.form = type.form;
    out.size = type.size;
    if (type.size == 0) {
      reader.Require("size");
      out.size = type.min;
      reader.Number("size", type.min, type.max, out.size);
    } else if (reader.Has("size")) {
      reader.Number("size", type.size, type.size, out.size);
    }
    return;
  }
  reader.Fault("type", "must be one of: " + allowed);
}

void ReadOrder(ObjectReader& reader, ByteOrder& out) {
  reader.Choice<ByteOrder>("byte_order", {{"little", ByteOrder::kLittle}, {"big", ByteOrder::kBig}},
                           out);
}

void ReadTexts(ObjectReader& parent, const std::string& file, FieldSpec& out,
               std::vector<ProfileFault>& faults) {
  const json* list = parent.Array("texts");
  if (list == nullptr) return;
  for (size_t i = 0; i < list->size(); ++i) {
    ObjectReader reader((*list)[i], parent.Path("texts") + "[" + std::to_string(i) + "]", file,
                        faults);
    for (const char* key : {"mask", "value", "text"}) reader.Require(key);
    uint32_t mask = 0;
    uint32_t value = 0;
    payload::StatusText text;
    reader.Hex("mask", 4, mask);
    reader.Hex("value", 4, value);
    reader.Text("text", text.text);
    if ((value & ~mask) != 0) reader.Fault("value", "must lie within the mask");
    reader.Finish();
    text.mask = static_cast<uint16_t>(mask);
    text.value = static_cast<uint16_t>(value);
    out.texts.push_back(std::move(text));
  }
}

bool IsNumber(Form form) {
  return form == Form::kUnsigned || form == Form::kSigned || form == Form::kBcd;
}

void CheckField(ObjectReader& reader, const FieldSpec& field) {
  const bool time =
      field.form == Form::kUnixTime || field.form == Form::kClock || field.form == Form::kClockBcd;
  if (field.measure && !IsNumber(field.form)) reader.Fault("quantity", "goes with numbers only");
  if (field.no_value && !IsNumber(field.form)) reader.Fault("no_value", "goes with numbers only");
  if (field.role == Role::kDeviceTime && !time) reader.Fault("role", "device_time must be a time");
  if (field.role == Role::kDeviceId &&
      (time || field.size > 20 + 20 * (field.form == Form::kText))) {
    reader.Fault("role", "device_id must be a text, or a number or bytes of at most 20 bytes");
  }
  const bool status = field.role == Role::kStatus;
  if (status && (field.form != Form::kUnsigned || field.size > 2)) {
    reader.Fault("role", "status must be u8 or u16");
  }
  if (!status && !(field.rules.empty() && field.texts.empty())) {
    reader.Fault("role", "must be status where there are rules or texts");
  }
}

FieldSpec ReadField(const json& object, const std::string& path, const std::string& file,
                    ByteOrder order, std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, path, file, faults);
  for (const char* key : {"name", "offset", "type"}) reader.Require(key);
  FieldSpec field;
  field.order = order;
  ReadFieldName(reader, field.name);
  reader.Number("offset", 0, kMaxSize, field.offset);
  ReadType(reader, field);
  ReadOrder(reader, field.order);
  reader.Choice<Role>("role",
                      {{"device_id", Role::kDeviceId},
                       {"device_time", Role::kDeviceTime},
                       {"status", Role::kStatus}},
                      field.role);
  field.measure = ReadMeasure(reader);
  if (reader.Has("no_value"))
    reader.Number("no_value", INT32_MIN, INT32_MAX, field.no_value.emplace());
  ReadStatusRules(reader, "rules", "the status", file, field.rules, faults);
  ReadTexts(reader, file, field, faults);
  CheckField(reader, field);
  reader.Finish();
  return field;
}

std::optional<uint8_t> FieldNumber(ObjectReader& reader, std::string_view key,
                                   const Layout& layout) {
  const auto name = reader.String(key);
  if (!name) return std::nullopt;
  for (size_t i = 0; i < layout.fields.size(); ++i) {
    if (layout.fields[i].name == *name) return static_cast<uint8_t>(i);
  }
  reader.Fault(key, "must name a field of the layout");
  return std::nullopt;
}

void ReadSeries(ObjectReader& parent, const std::string& file, ByteOrder order, Layout& layout,
                std::vector<ProfileFault>& faults) {
  const json* object = parent.Object("series");
  if (object == nullptr) return;
  ObjectReader reader(*object, parent.Path("series"), file, faults);
  for (const char* key : {"name", "offset", "type", "count", "quantity"}) reader.Require(key);
  SeriesSpec series;
  FieldSpec increment;
  series.order = order;
  ReadFieldName(reader, series.name);
  reader.Number("offset", 0, kMaxSize, series.offset);
  ReadType(reader, increment);
  if (increment.form != Form::kUnsigned || increment.size > 4) {
    reader.Fault("type", "must be one of: u8, u16, u24, u32");
  }
  series.size = static_cast<uint8_t>(increment.size);
  reader.Number("count", 1, static_cast<int>(Series::kMaxSlots), series.count);
  ReadOrder(reader, series.order);
  series.measure = ReadMeasure(reader).value_or(Measure{});
  reader.Number("interval_minutes", 1, 1440, series.interval_minutes);
  series.start = FieldNumber(reader, "start", layout);
  series.base = FieldNumber(reader, "base", layout);
  if (series.base && !layout.fields[*series.base].measure) {
    reader.Fault("base", "must name a field with a quantity");
  }
  if (series.offset + series.size * series.count > layout.size) {
    reader.Fault("count", "reaches beyond the layout's size");
  }
  reader.Finish();
  layout.series = std::move(series);
}

void ReadMatch(ObjectReader& reader, Layout& layout) {
  const auto text = reader.String("match");
  if (!text) return;
  if (!ParseHex(*text, layout.match) || layout.match.empty() || layout.match.size() > 8) {
    reader.Fault("match", "must be 1 to 8 bytes in hexadecimal");
  }
}

Layout ReadLayout(const json& object, const std::string& path, const std::string& file,
                  std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, path, file, faults);
  for (const char* key : {"name", "size", "fields"}) reader.Require(key);
  Layout layout;
  ReadFieldName(reader, layout.name);
  if (reader.Has("f_port")) reader.Number("f_port", 1, 223, layout.port.emplace());
  ReadMatch(reader, layout);
  reader.Number("size", 1, kMaxSize, layout.size);
  ByteOrder order = ByteOrder::kBig;
  ReadOrder(reader, order);
  if (const json* list = reader.Array("fields")) {
    if (list->empty() || list->size() > Layout::kMaxFields) {
      reader.Fault("fields", "must be 1 to " + std::to_string(Layout::kMaxFields) + " fields");
    }
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string at = reader.Path("fields") + "[" + std::to_string(i) + "]";
      FieldSpec field = ReadField((*list)[i], at, file, order, faults);
      if (field.offset + field.size > layout.size) {
        faults.push_back({file, at + ".offset", "reaches beyond the layout's size"});
      }
      layout.fields.push_back(std::move(field));
    }
  }
  ReadSeries(reader, file, order, layout, faults);
  reader.Finish();
  return layout;
}

}  // namespace

void ReadPayloadProfile(const json& object, const std::string& file, payload::Profile& out,
                        std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, "payload", file, faults);
  reader.Require("layouts");
  const json* list = reader.Array("layouts");
  for (size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const std::string at = reader.Path("layouts") + "[" + std::to_string(i) + "]";
    out.layouts.push_back(ReadLayout((*list)[i], at, file, faults));
  }
  if (out.layouts.empty()) reader.Fault("layouts", "must hold at least one layout");
  reader.Finish();
}

}  // namespace karez::protocols
