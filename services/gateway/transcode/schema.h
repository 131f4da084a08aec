// What the JSON codec needs to know of each message type, worked out once from the descriptor set,
// and the factory of its messages. Immutable after Load: safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include "libs/base/error.h"

namespace karez::gateway::transcode {

// Messages with a JSON form of their own.
enum class WellKnown : std::uint8_t {
  kNone,
  kTimestamp,
  kDuration,
  kFieldMask,
  kWrapper,
  kStruct,
  kValue,
  kListValue,
  kAny,
};

struct MessageInfo;

struct FieldInfo {
  const google::protobuf::FieldDescriptor* field = nullptr;
  std::string key;                       // `"jsonName":`
  const MessageInfo* message = nullptr;  // type of a message field; the entry type of a map
};

struct MessageInfo {
  const google::protobuf::Descriptor* descriptor = nullptr;
  WellKnown well_known = WellKnown::kNone;
  std::vector<FieldInfo> fields;  // as declared
  // By JSON name and by proto name; views into the descriptor.
  std::unordered_map<std::string_view, const FieldInfo*> by_name;

  // Null when there is no such field.
  const FieldInfo* Find(std::string_view name) const {
    const auto found = by_name.find(name);
    return found == by_name.end() ? nullptr : found->second;
  }
};

class Schema {
 public:
  // INVALID_ARGUMENT "BAD_DESCRIPTORS" when the set is not complete.
  static Result<std::shared_ptr<const Schema>> Load(
      const google::protobuf::FileDescriptorSet& descriptors);

  const google::protobuf::DescriptorPool& pool() const { return pool_; }
  const std::vector<const google::protobuf::FileDescriptor*>& files() const { return files_; }
  const MessageInfo& Of(const google::protobuf::Descriptor* descriptor) const;
  // Null for a type that is not in the set.
  const MessageInfo* Find(const std::string& full_name) const;
  // The default message, from which others are made with New(arena).
  const google::protobuf::Message* Prototype(const google::protobuf::Descriptor* descriptor) const;

 private:
  Schema() = default;
  void AddMessage(const google::protobuf::Descriptor* descriptor);

  google::protobuf::DescriptorPool pool_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
  std::unordered_map<const google::protobuf::Descriptor*, std::unique_ptr<MessageInfo>> messages_;
  // Locks inside; after Load every prototype is made.
  mutable google::protobuf::DynamicMessageFactory factory_;
};

}  // namespace karez::gateway::transcode
