#include "services/gateway/tests/transcode/schema_fixture.h"

#include <fstream>
#include <stdexcept>

namespace karez::gateway::transcode {

const google::protobuf::FileDescriptorSet& ProbeDescriptors() {
  static const google::protobuf::FileDescriptorSet kDescriptors = [] {
    google::protobuf::FileDescriptorSet descriptors;
    std::ifstream file(KAREZ_PROBE_DESCRIPTORS, std::ios::binary);
    if (!descriptors.ParseFromIstream(&file)) {
      throw std::runtime_error("cannot read " KAREZ_PROBE_DESCRIPTORS);
    }
    return descriptors;
  }();
  return kDescriptors;
}

const std::shared_ptr<const Schema>& ProbeSchema() {
  static const std::shared_ptr<const Schema> kSchema = Schema::Load(ProbeDescriptors()).value();
  return kSchema;
}

}  // namespace karez::gateway::transcode
