// What the options of an RPC say, found by its request message. Inside libs/rpc only.
#pragma once

#include <map>
#include <string>

#include <google/protobuf/descriptor.h>

#include "karez/options/v1/options.pb.h"

namespace karez::rpc {

struct Method {
  std::string full_name;  // "karez.billing.v1.BillingService.CollectPayment"
  options::v1::Rule rule;
};

// Each RPC has a request message of its own, so the message names the RPC.
class Methods {
 public:
  // Aborts when an RPC has no rule, no permission where one is needed, or shares its request
  // message.
  void Add(const std::string& service_full_name);
  // The RPC must have been added.
  const Method& Of(const google::protobuf::Descriptor* request) const;

 private:
  std::map<const google::protobuf::Descriptor*, Method> methods_;
};

}  // namespace karez::rpc
