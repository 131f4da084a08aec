#include "services/gateway/transcode/schema.h"

#include "libs/base/assert.h"

namespace karez::gateway::transcode {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

WellKnown WellKnownOf(const Descriptor* descriptor) {
  static const std::unordered_map<std::string_view, WellKnown> kTypes = {
      {"google.protobuf.Timestamp", WellKnown::kTimestamp},
      {"google.protobuf.Duration", WellKnown::kDuration},
      {"google.protobuf.FieldMask", WellKnown::kFieldMask},
      {"google.protobuf.Struct", WellKnown::kStruct},
      {"google.protobuf.Value", WellKnown::kValue},
      {"google.protobuf.ListValue", WellKnown::kListValue},
      {"google.protobuf.Any", WellKnown::kAny},
      {"google.protobuf.DoubleValue", WellKnown::kWrapper},
      {"google.protobuf.FloatValue", WellKnown::kWrapper},
      {"google.protobuf.Int64Value", WellKnown::kWrapper},
      {"google.protobuf.UInt64Value", WellKnown::kWrapper},
      {"google.protobuf.Int32Value", WellKnown::kWrapper},
      {"google.protobuf.UInt32Value", WellKnown::kWrapper},
      {"google.protobuf.BoolValue", WellKnown::kWrapper},
      {"google.protobuf.StringValue", WellKnown::kWrapper},
      {"google.protobuf.BytesValue", WellKnown::kWrapper},
  };
  const auto found = kTypes.find(descriptor->full_name());
  return found == kTypes.end() ? WellKnown::kNone : found->second;
}

class ErrorText : public google::protobuf::DescriptorPool::ErrorCollector {
 public:
  void AddError(const std::string& file, const std::string& element,
                const google::protobuf::Message*, ErrorLocation,
                const std::string& message) override {
    if (text.empty()) text = file + ": " + element + ": " + message;
  }
  std::string text;
};

}  // namespace

Result<std::shared_ptr<const Schema>> Schema::Load(
    const google::protobuf::FileDescriptorSet& descriptors) {
  std::shared_ptr<Schema> schema(new Schema);
  for (const auto& proto : descriptors.file()) {
    ErrorText error;
    const FileDescriptor* file = schema->pool_.BuildFileCollectingErrors(proto, &error);
    if (file == nullptr) return Fail(Code::kInvalidArgument, "BAD_DESCRIPTORS", error.text);
    schema->files_.push_back(file);
    for (int i = 0; i < file->message_type_count(); ++i) schema->AddMessage(file->message_type(i));
  }
  for (auto& [descriptor, info] : schema->messages_) {
    for (auto& field : info->fields) {
      if (field.field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
      field.message = &schema->Of(field.field->message_type());
    }
    schema->factory_.GetPrototype(descriptor);
  }
  return schema;
}

void Schema::AddMessage(const Descriptor* descriptor) {
  auto info = std::make_unique<MessageInfo>();
  info->descriptor = descriptor;
  info->well_known = WellKnownOf(descriptor);
  info->fields.reserve(static_cast<std::size_t>(descriptor->field_count()));
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* field = descriptor->field(i);
    info->fields.push_back({field, "\"" + field->json_name() + "\":", nullptr});
  }
  for (const FieldInfo& field : info->fields) info->by_name[field.field->name()] = &field;
  for (const FieldInfo& field : info->fields) info->by_name[field.field->json_name()] = &field;
  messages_[descriptor] = std::move(info);
  for (int i = 0; i < descriptor->nested_type_count(); ++i) AddMessage(descriptor->nested_type(i));
}

const MessageInfo& Schema::Of(const Descriptor* descriptor) const {
  const auto found = messages_.find(descriptor);
  KAREZ_ASSERT(found != messages_.end());
  return *found->second;
}

const MessageInfo* Schema::Find(const std::string& full_name) const {
  const Descriptor* descriptor = pool_.FindMessageTypeByName(full_name);
  return descriptor == nullptr ? nullptr : &Of(descriptor);
}

const google::protobuf::Message* Schema::Prototype(const Descriptor* descriptor) const {
  return factory_.GetPrototype(descriptor);
}

}  // namespace karez::gateway::transcode
