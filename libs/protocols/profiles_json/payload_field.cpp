#include "libs/protocols/profiles_json/payload_field.h"

#include <utility>

#include "libs/protocols/profiles_json/measure.h"
#include "libs/protocols/profiles_json/status_rules.h"

namespace karez::protocols {

using nlohmann::json;
using payload::ByteOrder;
using payload::FieldSpec;
using payload::Form;
using payload::Role;

namespace {

struct TypeName {
  std::string_view name;
  Form form;
  uint16_t size;  // 0: the field tells it
  uint16_t min = 0;
  uint16_t max = 0;
};
constexpr TypeName kTypes[] = {{"u8", Form::kUnsigned, 1},
                               {"u16", Form::kUnsigned, 2},
                               {"u24", Form::kUnsigned, 3},
                               {"u32", Form::kUnsigned, 4},
                               {"u48", Form::kUnsigned, 6},
                               {"u64", Form::kUnsigned, 8},
                               {"i8", Form::kSigned, 1},
                               {"i16", Form::kSigned, 2},
                               {"i32", Form::kSigned, 4},
                               {"i64", Form::kSigned, 8},
                               {"unix_time", Form::kUnixTime, 4},
                               {"bcd", Form::kBcd, 0, 1, 8},
                               {"text", Form::kText, 0, 1, 40},
                               {"bytes", Form::kBytes, 0, 1, 255},
                               {"clock", Form::kClock, 0, 6, 7},
                               {"clock_bcd", Form::kClockBcd, 0, 6, 7},
                               {"clock_text", Form::kClockText, 0, 12, 14}};

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

}  // namespace

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

bool IsTime(Form form) {
  return form == Form::kUnixTime || form == Form::kClock || form == Form::kClockBcd ||
         form == Form::kClockText;
}

namespace {

bool IsNumber(Form form) {
  return form == Form::kUnsigned || form == Form::kSigned || form == Form::kBcd;
}

void CheckField(ObjectReader& reader, const FieldSpec& field) {
  const bool time = IsTime(field.form);
  if (field.measure && !IsNumber(field.form)) reader.Fault("quantity", "goes with numbers only");
  if (field.no_value && !IsNumber(field.form)) reader.Fault("no_value", "goes with numbers only");
  if (field.role == Role::kDeviceTime && !time) reader.Fault("role", "device_time must be a time");
  if (field.role == Role::kDeviceId &&
      (time || field.size > 20 + 20 * (field.form == Form::kText))) {
    reader.Fault("role", "device_id must be a text, or a number or bytes of at most 20 bytes");
  }
  if (field.form == Form::kClockText && field.size % 2 != 0) {
    reader.Fault("size", "must be 12 or 14 digits");
  }
  if (field.shift != 0 && field.form != Form::kUnsigned) {
    reader.Fault("shift", "goes with u8 to u64 only");
  }
  const bool counts = field.form == Form::kUnsigned && field.size <= 4;
  if ((field.role == Role::kSequence || field.role == Role::kResult) && !counts) {
    reader.Fault("role", "must be u8 to u32");
  }
  const bool status = field.role == Role::kStatus;
  if (status && (field.form != Form::kUnsigned || field.size > 2)) {
    reader.Fault("role", "status must be u8 or u16");
  }
  if (!status && !(field.rules.empty() && field.texts.empty())) {
    reader.Fault("role", "must be status where there are rules or texts");
  }
}

}  // namespace

FieldSpec ReadField(const json& object, const std::string& path, const std::string& file,
                    ByteOrder order, std::vector<ProfileFault>& faults) {
  ObjectReader reader(object, path, file, faults);
  for (const char* key : {"name", "offset", "type"}) reader.Require(key);
  FieldSpec field;
  field.order = order;
  ReadFieldName(reader, field.name);
  reader.Number("offset", 0, kMaxPayloadSize, field.offset);
  ReadType(reader, field);
  ReadOrder(reader, field.order);
  reader.Choice<Role>("role",
                      {{"device_id", Role::kDeviceId},
                       {"device_time", Role::kDeviceTime},
                       {"status", Role::kStatus},
                       {"sequence", Role::kSequence},
                       {"result", Role::kResult}},
                      field.role);
  reader.Number("shift", 0, 7, field.shift);
  field.measure = ReadMeasure(reader);
  if (reader.Has("no_value"))
    reader.Number("no_value", INT32_MIN, INT32_MAX, field.no_value.emplace());
  ReadStatusRules(reader, "rules", "the status", file, field.rules, faults);
  ReadTexts(reader, file, field, faults);
  CheckField(reader, field);
  reader.Finish();
  return field;
}

}  // namespace karez::protocols
