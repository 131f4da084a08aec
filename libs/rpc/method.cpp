#include "libs/rpc/method.h"

#include "libs/base/assert.h"

namespace karez::rpc {

void Methods::Add(const std::string& service_full_name) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(service_full_name);
  KAREZ_ASSERT(service != nullptr);
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* method = service->method(i);
    KAREZ_ASSERT(method->options().HasExtension(options::v1::rule));
    const auto& rule = method->options().GetExtension(options::v1::rule);
    KAREZ_ASSERT(rule.access() != options::v1::ACCESS_PERMISSION || !rule.permission().empty());
    const bool added =
        methods_.emplace(method->input_type(), Method{method->full_name(), rule}).second;
    KAREZ_ASSERT(added);
  }
}

const Method& Methods::Of(const google::protobuf::Descriptor* request) const {
  const auto found = methods_.find(request);
  KAREZ_ASSERT(found != methods_.end());
  return found->second;
}

}  // namespace karez::rpc
