#include <charconv>
#include <cmath>

#include "services/gateway/transcode/json_codec.h"
#include "services/gateway/transcode/text_values.h"
#include "services/gateway/transcode/utf8.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
void Number(T value, std::string& out) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, end);
}

template <class T>
void Quoted(T value, std::string& out) {
  out += '"';
  Number(value, out);
  out += '"';
}

template <class T>
void Real(T value, std::string& out) {
  if (std::isfinite(value)) {
    Number(value, out);
  } else {
    out += std::isnan(value) ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  }
}

class Writer {
 public:
  Writer(const Schema& schema, std::string& out) : schema_(schema), out_(out) {}

  void WriteMessage(const MessageInfo& info, const Message& message);
  void WriteField(const FieldInfo& field, const Message& message);

 private:
  // Members of the object, without braces; true when there was one.
  bool WriteMembers(const MessageInfo& info, const Message& message, bool first);
  void WriteSingle(const FieldInfo& field, const Message& message, int index);
  void WriteScalar(const FieldDescriptor* field, const Message& message, int index);
  void WriteMap(const FieldInfo& field, const Message& message);
  void WriteValue(const MessageInfo& info, const Message& message);
  void WriteAny(const MessageInfo& info, const Message& message);

  const Schema& schema_;
  std::string& out_;
};

void Writer::WriteMessage(const MessageInfo& info, const Message& message) {
  switch (info.well_known) {
    case WellKnown::kNone:
      out_ += '{';
      WriteMembers(info, message, true);
      out_ += '}';
      return;
    case WellKnown::kTimestamp:
    case WellKnown::kDuration: {
      const std::string text = TextOf(info, message);
      out_ += text.empty() ? "null" : '"' + text + '"';
      return;
    }
    case WellKnown::kFieldMask:
      WriteJsonString(TextOf(info, message), out_);
      return;
    case WellKnown::kWrapper:
      WriteScalar(info.descriptor->FindFieldByNumber(1), message, -1);
      return;
    case WellKnown::kStruct:
    case WellKnown::kListValue:
      WriteField(info.fields[0], message);
      return;
    case WellKnown::kValue:
      WriteValue(info, message);
      return;
    case WellKnown::kAny:
      WriteAny(info, message);
      return;
  }
}

bool Writer::WriteMembers(const MessageInfo& info, const Message& message, bool first) {
  const Reflection* reflection = message.GetReflection();
  for (const FieldInfo& field : info.fields) {
    if (!field.field->is_repeated() && field.field->has_presence() &&
        !reflection->HasField(message, field.field)) {
      continue;
    }
    if (!first) out_ += ',';
    first = false;
    out_ += field.key;
    WriteField(field, message);
  }
  return !first;
}

void Writer::WriteField(const FieldInfo& field, const Message& message) {
  if (field.field->is_map()) return WriteMap(field, message);
  if (!field.field->is_repeated()) return WriteSingle(field, message, -1);
  const int size = message.GetReflection()->FieldSize(message, field.field);
  out_ += '[';
  for (int i = 0; i < size; ++i) {
    if (i > 0) out_ += ',';
    WriteSingle(field, message, i);
  }
  out_ += ']';
}

// The value itself when `index` is negative, else one element of a repeated field.
void Writer::WriteSingle(const FieldInfo& field, const Message& message, int index) {
  if (field.message == nullptr) return WriteScalar(field.field, message, index);
  const Reflection* reflection = message.GetReflection();
  WriteMessage(*field.message, index < 0
                                   ? reflection->GetMessage(message, field.field)
                                   : reflection->GetRepeatedMessage(message, field.field, index));
}

#define KAREZ_GET(Type)                              \
  (index < 0 ? reflection->Get##Type(message, field) \
             : reflection->GetRepeated##Type(message, field, index))

void Writer::WriteScalar(const FieldDescriptor* field, const Message& message, int index) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return Number(KAREZ_GET(Int32), out_);
    case FieldDescriptor::CPPTYPE_UINT32:
      return Number(KAREZ_GET(UInt32), out_);
    case FieldDescriptor::CPPTYPE_INT64:
      return Quoted(KAREZ_GET(Int64), out_);
    case FieldDescriptor::CPPTYPE_UINT64:
      return Quoted(KAREZ_GET(UInt64), out_);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Real(KAREZ_GET(Double), out_);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Real(KAREZ_GET(Float), out_);
    case FieldDescriptor::CPPTYPE_BOOL:
      out_ += KAREZ_GET(Bool) ? "true" : "false";
      return;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const int number = KAREZ_GET(EnumValue);
      const auto* value = field->enum_type()->FindValueByNumber(number);
      if (field->enum_type()->full_name() == "google.protobuf.NullValue") {
        out_ += "null";
      } else if (value == nullptr) {
        Number(number, out_);
      } else {
        (out_ += '"').append(value->name()) += '"';
      }
      return;
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text =
          index < 0 ? reflection->GetStringReference(message, field, &scratch)
                    : reflection->GetRepeatedStringReference(message, field, index, &scratch);
      if (field->type() == FieldDescriptor::TYPE_BYTES) {
        (out_ += '"').append(Base64(text)) += '"';
      } else {
        WriteJsonString(text, out_);
      }
      return;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return;
  }
}

#undef KAREZ_GET

void Writer::WriteMap(const FieldInfo& field, const Message& message) {
  const Reflection* reflection = message.GetReflection();
  const FieldDescriptor* key = field.message->descriptor->map_key();
  const int size = reflection->FieldSize(message, field.field);
  out_ += '{';
  for (int i = 0; i < size; ++i) {
    const Message& entry = reflection->GetRepeatedMessage(message, field.field, i);
    if (i > 0) out_ += ',';
    const bool bare = key->cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                      key->cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                      key->cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    if (bare) out_ += '"';
    WriteScalar(key, entry, -1);
    if (bare) out_ += '"';
    out_ += ':';
    WriteSingle(field.message->fields[1], entry, -1);
  }
  out_ += '}';
}

void Writer::WriteValue(const MessageInfo& info, const Message& message) {
  const auto* kind =
      message.GetReflection()->GetOneofFieldDescriptor(message, info.descriptor->oneof_decl(0));
  if (kind == nullptr) {
    out_ += "null";
  } else {
    WriteSingle(info.fields[static_cast<std::size_t>(kind->index())], message, -1);
  }
}

// A type that is not in the schema, or does not parse, keeps its URL and its bytes.
void Writer::WriteAny(const MessageInfo& info, const Message& message) {
  const Reflection* reflection = message.GetReflection();
  const std::string url = reflection->GetString(message, info.descriptor->FindFieldByNumber(1));
  const std::string bytes = reflection->GetString(message, info.descriptor->FindFieldByNumber(2));
  if (url.empty()) {
    out_ += "{}";
    return;
  }
  out_ += "{\"@type\":";
  WriteJsonString(url, out_);
  const MessageInfo* type = schema_.Find(url.substr(url.rfind('/') + 1));
  std::unique_ptr<Message> content;
  if (type != nullptr) content.reset(schema_.Prototype(type->descriptor)->New());
  if (content == nullptr || !content->ParseFromString(bytes)) {
    out_ += ",\"value\":\"" + Base64(bytes) + '"';
  } else if (type->well_known == WellKnown::kNone) {
    WriteMembers(*type, *content, false);
  } else {
    out_ += ",\"value\":";
    WriteMessage(*type, *content);
  }
  out_ += '}';
}

}  // namespace

void WriteJson(const Schema& schema, const MessageInfo& info, const Message& message,
               std::string& out) {
  Writer(schema, out).WriteMessage(info, message);
}

void WriteJsonField(const Schema& schema, const FieldInfo& field, const Message& message,
                    std::string& out) {
  Writer(schema, out).WriteField(field, message);
}

void WriteJsonString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const std::size_t valid = ValidUtf8Prefix(text);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < valid; ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c >= 0x20 && c != '"' && c != '\\') continue;
      out.append(text, begin, i - begin);
      begin = i + 1;
      if (c == '"' || c == '\\') {
        out += '\\';
        out += static_cast<char>(c);
      } else if (c == '\n') {
        out += "\\n";
      } else {
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 0xF];
      }
    }
    out.append(text, begin, valid - begin);
    text.remove_prefix(valid);
    if (!text.empty()) {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  out += '"';
}

}  // namespace karez::gateway::transcode
