#include <cstdint>
#include <unordered_set>

#include "services/gateway/transcode/json_codec.h"
#include "services/gateway/transcode/json_tokens.h"
#include "services/gateway/transcode/text_values.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Kind = JsonTokens::Kind;

constexpr std::size_t kViolationsMax = 32;
constexpr std::size_t kNameShownMax = 64;

// Which members of an object were there already.
class Seen {
 public:
  explicit Seen(std::size_t fields) {
    if (fields > 64) large_.resize(fields);
  }
  // False when it was marked before.
  bool Mark(std::size_t index) {
    if (!large_.empty()) {
      if (large_[index]) return false;
      large_[index] = true;
      return true;
    }
    const std::uint64_t bit = std::uint64_t{1} << index;
    if ((small_ & bit) != 0) return false;
    small_ |= bit;
    return true;
  }

 private:
  std::uint64_t small_ = 0;
  std::vector<bool> large_;
};

// Every method that returns bool answers false only when the text is not JSON or too much is wrong:
// then reading stops. A value of the wrong kind is noted and skipped.
class Reader {
 public:
  Reader(const Schema& schema, std::string_view text) : schema_(schema), in_(text) {}

  Result<void> Finish(bool complete) {
    if (complete && !in_.AtEnd()) {
      return Fail(Code::kInvalidArgument, "BAD_JSON",
                  "The body must be one JSON value; there is more after byte " +
                      std::to_string(in_.position()) + ".");
    }
    if (!complete && violations_.items().size() < kViolationsMax) {
      return Fail(Code::kInvalidArgument, "BAD_JSON",
                  "The body is not JSON: " + in_.Describe() + ".");
    }
    return violations_.Check();
  }

  bool ReadMessage(const MessageInfo& info, Message& message);
  bool ReadField(const FieldInfo& field, Message& message);

 private:
  bool ReadObject(const MessageInfo& info, Message& message, std::string_view ignored);
  bool ReadMember(const MessageInfo& info, std::string_view name, Seen& seen, Message& message);
  bool ReadSingle(const FieldInfo& field, Message& message);
  bool ReadScalar(const FieldDescriptor* field, Message& message);
  bool ReadRepeated(const FieldInfo& field, Message& message);
  bool ReadMap(const FieldInfo& field, Message& message);
  bool ReadTextForm(const MessageInfo& info, Message& message);
  bool ReadValue(const MessageInfo& info, Message& message);
  bool ReadStruct(const MessageInfo& info, Message& message);
  bool ReadListValue(const MessageInfo& info, Message& message);
  bool ReadAny(const MessageInfo& info, Message& message);
  bool FindAnyType(const MessageInfo*& type, std::string& url);

  bool Note(std::string description) {
    violations_.Add(path_.empty() ? "body" : path_, std::move(description));
    return violations_.items().size() < kViolationsMax;
  }
  bool NoteAndSkip(std::string description) {
    return Note(std::move(description)) && in_.SkipValue();
  }
  // Runs `read` with the path extended by `name`.
  template <class F>
  bool Within(std::string_view name, F&& read) {
    const std::size_t size = path_.size();
    if (size > 0) path_ += '.';
    path_ += name.substr(0, kNameShownMax);
    const bool go_on = read();
    path_.resize(size);
    return go_on;
  }
  template <class F>
  bool WithinElement(int index, F&& read) {
    const std::size_t size = path_.size();
    path_ += '[';
    path_ += std::to_string(index);
    path_ += ']';
    const bool go_on = read();
    path_.resize(size);
    return go_on;
  }

  const Schema& schema_;
  JsonTokens in_;
  std::string path_;
  Violations violations_;
};

bool Reader::ReadMessage(const MessageInfo& info, Message& message) {
  switch (info.well_known) {
    case WellKnown::kNone:
      return ReadObject(info, message, {});
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
    case WellKnown::kFieldMask:
      return ReadTextForm(info, message);
    case WellKnown::kWrapper:
      return ReadScalar(info.descriptor->FindFieldByNumber(1), message);
    case WellKnown::kStruct:
      return ReadStruct(info, message);
    case WellKnown::kValue:
      return ReadValue(info, message);
    case WellKnown::kListValue:
      return ReadListValue(info, message);
    case WellKnown::kAny:
      return ReadAny(info, message);
  }
  return false;
}

bool Reader::ReadObject(const MessageInfo& info, Message& message, std::string_view ignored) {
  if (in_.Peek() != Kind::kObject) return NoteAndSkip("Must be a JSON object.");
  if (!in_.EnterObject()) return false;
  Seen seen(info.fields.size());
  std::string_view name;
  while (in_.NextMember(name)) {
    if (!ignored.empty() && name == ignored) {
      if (!in_.SkipValue()) return false;
    } else if (!ReadMember(info, name, seen, message)) {
      return false;
    }
  }
  return !in_.failed();
}

bool Reader::ReadMember(const MessageInfo& info, std::string_view name, Seen& seen,
                        Message& message) {
  const FieldInfo* field = info.Find(name);
  if (field == nullptr) {
    return Within(std::string(name), [&] { return NoteAndSkip("Unknown field: remove it."); });
  }
  return Within(field->field->name(), [&] {
    if (!seen.Mark(static_cast<std::size_t>(field->field->index()))) {
      return NoteAndSkip("Given twice: give it once.");
    }
    const bool takes_null =
        (field->message != nullptr && field->message->well_known == WellKnown::kValue &&
         !field->field->is_repeated()) ||
        (field->field->type() == FieldDescriptor::TYPE_ENUM &&
         field->field->enum_type()->full_name() == "google.protobuf.NullValue");
    if (in_.Peek() == Kind::kNull && !takes_null) return in_.ReadLiteral();
    const auto* oneof = field->field->real_containing_oneof();
    if (oneof != nullptr && message.GetReflection()->HasOneof(message, oneof)) {
      return NoteAndSkip("Another field of " + oneof->name() + " is given: give only one.");
    }
    return ReadField(*field, message);
  });
}

bool Reader::ReadField(const FieldInfo& field, Message& message) {
  if (field.field->is_map()) return ReadMap(field, message);
  if (field.field->is_repeated()) return ReadRepeated(field, message);
  return ReadSingle(field, message);
}

// One value of the field: sets it, or adds it when the field is repeated.
bool Reader::ReadSingle(const FieldInfo& field, Message& message) {
  if (field.message == nullptr) return ReadScalar(field.field, message);
  const Reflection* reflection = message.GetReflection();
  Message* child = field.field->is_repeated() ? reflection->AddMessage(&message, field.field)
                                              : reflection->MutableMessage(&message, field.field);
  return ReadMessage(*field.message, *child);
}

bool Reader::ReadScalar(const FieldDescriptor* field, Message& message) {
  std::string_view text;
  const Kind kind = in_.Peek();
  const auto type = field->cpp_type();
  const bool is_text = type == FieldDescriptor::CPPTYPE_STRING;
  if (kind == Kind::kString && type != FieldDescriptor::CPPTYPE_BOOL) {
    if (!in_.ReadString(text)) return false;
  } else if (kind == Kind::kNumber && !is_text && type != FieldDescriptor::CPPTYPE_BOOL) {
    if (!in_.ReadNumber(text)) return false;
  } else if ((kind == Kind::kTrue || kind == Kind::kFalse) &&
             type == FieldDescriptor::CPPTYPE_BOOL) {
    text = kind == Kind::kTrue ? "true" : "false";
    if (!in_.ReadLiteral()) return false;
  } else if (kind == Kind::kNull && type == FieldDescriptor::CPPTYPE_ENUM) {
    text = "NULL_VALUE";
    if (!in_.ReadLiteral()) return false;
  } else if (kind == Kind::kBad) {
    return in_.SkipValue();  // names the syntax error
  } else {
    return NoteAndSkip(is_text                                 ? "Must be a string."
                       : type == FieldDescriptor::CPPTYPE_BOOL ? "Must be true or false."
                       : type == FieldDescriptor::CPPTYPE_ENUM ? "Must be the name of a value."
                                                               : "Must be a number.");
  }
  std::string problem = SetScalar(text, field, message);
  return problem.empty() || Note(std::move(problem));
}

bool Reader::ReadRepeated(const FieldInfo& field, Message& message) {
  if (in_.Peek() != Kind::kArray) return NoteAndSkip("Must be a JSON array.");
  if (!in_.EnterArray()) return false;
  const bool takes_null =
      field.message != nullptr && field.message->well_known == WellKnown::kValue;
  for (int index = 0; in_.NextElement(); ++index) {
    const bool go_on = WithinElement(index, [&] {
      if (in_.Peek() == Kind::kNull && !takes_null) return NoteAndSkip("Must not be null.");
      return ReadSingle(field, message);
    });
    if (!go_on) return false;
  }
  return !in_.failed();
}

bool Reader::ReadMap(const FieldInfo& field, Message& message) {
  if (in_.Peek() != Kind::kObject) return NoteAndSkip("Must be a JSON object.");
  if (!in_.EnterObject()) return false;
  const FieldDescriptor* key = field.message->descriptor->map_key();
  const FieldInfo& value = field.message->fields[1];
  std::unordered_set<std::string> keys;
  std::string_view name;
  while (in_.NextMember(name)) {
    const std::string name_copy(name);
    const bool go_on = Within(name_copy, [&] {
      if (!keys.insert(name_copy).second) return NoteAndSkip("Given twice: give it once.");
      const bool takes_null =
          value.message != nullptr && value.message->well_known == WellKnown::kValue;
      if (in_.Peek() == Kind::kNull && !takes_null) return NoteAndSkip("Must not be null.");
      Message* entry = message.GetReflection()->AddMessage(&message, field.field);
      std::string problem = SetScalar(name_copy, key, *entry);
      if (!problem.empty()) return NoteAndSkip("The key: " + problem);
      return ReadSingle(value, *entry);
    });
    if (!go_on) return false;
  }
  return !in_.failed();
}

bool Reader::ReadTextForm(const MessageInfo& info, Message& message) {
  if (in_.Peek() != Kind::kString) return NoteAndSkip("Must be a string.");
  std::string_view text;
  if (!in_.ReadString(text)) return false;
  std::string problem = SetWellKnown(text, info, message);
  return problem.empty() || Note(std::move(problem));
}

bool Reader::ReadValue(const MessageInfo& info, Message& message) {
  const Reflection* reflection = message.GetReflection();
  const auto field = [&](int number) { return info.descriptor->FindFieldByNumber(number); };
  const auto child = [&](int number) -> const MessageInfo& {
    return schema_.Of(field(number)->message_type());
  };
  switch (const Kind kind = in_.Peek()) {
    case Kind::kNull:
      reflection->SetEnumValue(&message, field(1), 0);
      return in_.ReadLiteral();
    case Kind::kNumber:
      return ReadScalar(field(2), message);
    case Kind::kString:
      return ReadScalar(field(3), message);
    case Kind::kTrue:
    case Kind::kFalse:
      reflection->SetBool(&message, field(4), kind == Kind::kTrue);
      return in_.ReadLiteral();
    case Kind::kObject:
      return ReadStruct(child(5), *reflection->MutableMessage(&message, field(5)));
    case Kind::kArray:
      return ReadListValue(child(6), *reflection->MutableMessage(&message, field(6)));
    case Kind::kBad:
      break;
  }
  return in_.SkipValue();  // names the syntax error
}

bool Reader::ReadStruct(const MessageInfo& info, Message& message) {
  return ReadMap(info.fields[0], message);
}

bool Reader::ReadListValue(const MessageInfo& info, Message& message) {
  return ReadRepeated(info.fields[0], message);
}

// Looks through the object for "@type" without consuming it.
bool Reader::FindAnyType(const MessageInfo*& type, std::string& url) {
  std::string_view name;
  while (in_.NextMember(name)) {
    if (name == "@type" && in_.Peek() == Kind::kString) {
      std::string_view text;
      if (!in_.ReadString(text)) return false;
      url = text;
      type = schema_.Find(url.substr(url.rfind('/') + 1));
      return true;
    }
    if (!in_.SkipValue()) return false;
  }
  return !in_.failed();
}

bool Reader::ReadAny(const MessageInfo& info, Message& message) {
  if (in_.Peek() != Kind::kObject) return NoteAndSkip("Must be a JSON object.");
  const MessageInfo* type = nullptr;
  std::string url;
  JsonTokens look_ahead = in_;
  std::swap(look_ahead, in_);
  const bool found = in_.EnterObject() && FindAnyType(type, url);
  if (!found) return false;
  std::swap(look_ahead, in_);
  if (type == nullptr || url.find('/') == std::string::npos) {
    return NoteAndSkip("Needs \"@type\" with the URL of a known type.");
  }
  std::unique_ptr<Message> content(schema_.Prototype(type->descriptor)->New());
  if (type->well_known == WellKnown::kNone) {
    if (!ReadObject(*type, *content, "@type")) return false;
  } else {
    if (!in_.EnterObject()) return false;
    std::string_view name;
    while (in_.NextMember(name)) {
      const bool go_on = name == "value" ? ReadMessage(*type, *content) : in_.SkipValue();
      if (!go_on) return false;
    }
    if (in_.failed()) return false;
  }
  message.GetReflection()->SetString(&message, info.descriptor->FindFieldByNumber(1), url);
  message.GetReflection()->SetString(&message, info.descriptor->FindFieldByNumber(2),
                                     content->SerializeAsString());
  return true;
}

}  // namespace

Result<void> ReadJson(const Schema& schema, std::string_view text, const MessageInfo& info,
                      Message& message) {
  Reader reader(schema, text);
  return reader.Finish(reader.ReadMessage(info, message));
}

Result<void> ReadJsonField(const Schema& schema, std::string_view text, const FieldInfo& field,
                           Message& message) {
  Reader reader(schema, text);
  return reader.Finish(reader.ReadField(field, message));
}

}  // namespace karez::gateway::transcode
