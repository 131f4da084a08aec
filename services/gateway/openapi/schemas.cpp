#include "services/gateway/openapi/schemas.h"

#include <cctype>

namespace karez::gateway::openapi {
namespace {

using google::protobuf::FieldDescriptor;
using transcode::FieldInfo;
using transcode::MessageInfo;
using transcode::Route;
using transcode::WellKnown;

// "ListThingsRequestFilter" of "karez.probe.v1.ListThingsRequest.Filter".
std::string ShortName(const std::string& full_name, const std::string& package) {
  std::string name = full_name.substr(package.empty() ? 0 : package.size() + 1);
  std::erase(name, '.');
  return name;
}

Json Reference(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }

Json Scalar(const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"minimum", 0}, {"maximum", 4294967295}};
    case FieldDescriptor::CPPTYPE_INT64:
      return {{"type", "string"}, {"format", "int64"}, {"pattern", "^-?(0|[1-9][0-9]{0,18})$"}};
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "uint64"}, {"pattern", "^(0|[1-9][0-9]{0,19})$"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    default:
      break;
  }
  Json schema = {{"type", "string"}};
  if (field->type() == FieldDescriptor::TYPE_BYTES) {
    schema["contentEncoding"] = "base64";
    schema["format"] = "byte";
  } else if (field->name() == "request_id") {
    schema["format"] = "uuid";
  }
  return schema;
}

// Null for a message without a form of its own.
Json WellKnownForm(const MessageInfo& info) {
  switch (info.well_known) {
    case WellKnown::kTimestamp:
      return {{"type", "string"}, {"format", "date-time"}};
    case WellKnown::kDuration:
      return {{"type", "string"}, {"pattern", "^-?[0-9]{1,12}(\\.[0-9]{1,9})?s$"}};
    case WellKnown::kFieldMask:
      return {{"type", "string"}, {"pattern", "^([a-z][A-Za-z0-9.]*(,[a-z][A-Za-z0-9.]*)*)?$"}};
    case WellKnown::kWrapper:
      return Scalar(info.fields[0].field);
    case WellKnown::kStruct:
      return {{"type", "object"}, {"additionalProperties", true}};
    case WellKnown::kValue:
      return {{"description", "Any JSON value."}};
    case WellKnown::kListValue:
      return {{"type", "array"}, {"items", Json::object()}};
    case WellKnown::kAny:
      return {{"type", "object"},
              {"properties", {{"@type", {{"type", "string"}}}}},
              {"required", {"@type"}},
              {"additionalProperties", true}};
    case WellKnown::kNone:
      break;
  }
  return nullptr;
}

}  // namespace

Schemas::Schemas(const transcode::Routes& routes) {
  for (const Route& route : routes.all()) {
    Visit(*route.request, sent_);
    Visit(*route.response, answered_);
    if (route.needs_request_id()) need_request_id_.insert(route.request);
  }
}

void Schemas::Visit(const MessageInfo& info, std::set<const MessageInfo*>& seen) {
  if (info.well_known != WellKnown::kNone || !seen.insert(&info).second) return;
  const auto note = [this](const std::string& full_name, const std::string& package) {
    packages_of_[ShortName(full_name, package)].insert(package);
  };
  note(info.descriptor->full_name(), info.descriptor->file()->package());
  for (const FieldInfo& field : info.fields) {
    if (field.message != nullptr) Visit(*field.message, seen);
    if (const auto* type = field.field->enum_type())
      note(type->full_name(), type->file()->package());
  }
}

// The short name, with the service in front where two packages share it.
std::string Schemas::NameOf(const std::string& full_name, const std::string& package) const {
  const std::string name = ShortName(full_name, package);
  if (packages_of_.at(name).size() < 2) return name;
  const std::size_t begin = package.find('.') + 1;
  std::string service = package.substr(begin, package.find('.', begin) - begin);
  if (!service.empty()) service[0] = static_cast<char>(std::toupper(service[0]));
  return service + name;
}

std::string Schemas::NameOf(const MessageInfo& info, Direction direction) const {
  const bool both = sent_.contains(&info) && answered_.contains(&info);
  return NameOf(info.descriptor->full_name(), info.descriptor->file()->package()) +
         (both && direction == Direction::kIn ? "Input" : "");
}

Json Schemas::OfMessage(const MessageInfo& info, Direction direction) {
  if (Json form = WellKnownForm(info); !form.is_null()) return form;
  const std::string name = NameOf(info, direction);
  if (!components_.contains(name)) {
    components_[name] = nullptr;  // so that a message may contain itself
    components_[name] = Object(info, direction, {});
  }
  return Reference(name);
}

Json Schemas::OfBody(const Route& route) {
  if (route.body == Route::Body::kField) return OfField(*route.body_field, Direction::kIn);
  std::set<const FieldInfo*> in_path;
  for (const auto& path : route.bindings) {
    if (path.size() == 1) in_path.insert(path[0]);
  }
  if (in_path.empty()) return OfMessage(*route.request, Direction::kIn);
  const std::string name = NameOf(*route.request, Direction::kIn) + "Body";
  if (!components_.contains(name)) {
    components_[name] = Object(*route.request, Direction::kIn, in_path);
  }
  return Reference(name);
}

Json Schemas::Object(const MessageInfo& info, Direction direction,
                     const std::set<const FieldInfo*>& left_out) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const FieldInfo& field : info.fields) {
    if (left_out.contains(&field)) continue;
    properties[field.field->json_name()] = OfField(field, direction);
    const bool always_printed = field.field->is_repeated() || !field.field->has_presence();
    const bool asked_for = field.field->name() == "request_id" && need_request_id_.contains(&info);
    if (direction == Direction::kOut ? always_printed : asked_for) {
      required.push_back(field.field->json_name());
    }
  }
  Json schema = {{"type", "object"}};
  if (std::string comment = CommentOf(info.descriptor); !comment.empty()) {
    schema["description"] = std::move(comment);
  }
  schema["properties"] = std::move(properties);
  if (!required.empty()) schema["required"] = std::move(required);
  if (direction == Direction::kIn) schema["additionalProperties"] = false;
  return schema;
}

Json Schemas::OfField(const FieldInfo& field, Direction direction) {
  Json schema;
  if (field.field->is_map()) {
    schema = {{"type", "object"},
              {"additionalProperties", Single(field.message->fields[1], direction)}};
  } else if (field.field->is_repeated()) {
    schema = {{"type", "array"}, {"items", Single(field, direction)}};
  } else {
    schema = Single(field, direction);
  }
  if (std::string comment = CommentOf(field.field); !comment.empty()) {
    schema["description"] = std::move(comment);
  }
  if (field.field->options().GetExtension(options::v1::personal)) {
    schema["x-karez-personal"] = true;
  }
  return schema;
}

Json Schemas::Single(const FieldInfo& field, Direction direction) {
  if (field.message != nullptr) return OfMessage(*field.message, direction);
  if (const auto* type = field.field->enum_type()) return OfEnum(type);
  return Scalar(field.field);
}

Json Schemas::OfEnum(const google::protobuf::EnumDescriptor* type) {
  if (type->full_name() == "google.protobuf.NullValue") return {{"type", "null"}};
  const std::string name = NameOf(type->full_name(), type->file()->package());
  if (!components_.contains(name)) {
    Json values = Json::array();
    std::string description = CommentOf(type);
    for (int i = 0; i < type->value_count(); ++i) {
      values.push_back(type->value(i)->name());
      if (const std::string comment = CommentOf(type->value(i)); !comment.empty()) {
        description += (description.empty() ? "" : "\n") + type->value(i)->name() + ": " + comment;
      }
    }
    components_[name] = {{"type", "string"}, {"enum", std::move(values)}};
    if (!description.empty()) components_[name]["description"] = std::move(description);
  }
  return Reference(name);
}

}  // namespace karez::gateway::openapi
