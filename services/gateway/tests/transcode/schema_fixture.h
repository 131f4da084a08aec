// The descriptor set of the tests, and messages of it.
#pragma once

#include <memory>
#include <string>

#include <google/protobuf/message.h>

#include "services/gateway/transcode/schema.h"

namespace karez::gateway::transcode {

// The file named by KAREZ_PROBE_DESCRIPTORS (set at compile time), loaded once.
const std::shared_ptr<const Schema>& ProbeSchema();
const google::protobuf::FileDescriptorSet& ProbeDescriptors();

inline const MessageInfo& Info(const std::string& name) {
  return *ProbeSchema()->Find("karez.probe.v1." + name);
}
inline std::unique_ptr<google::protobuf::Message> NewMessage(const MessageInfo& info) {
  return std::unique_ptr<google::protobuf::Message>(
      ProbeSchema()->Prototype(info.descriptor)->New());
}

}  // namespace karez::gateway::transcode
