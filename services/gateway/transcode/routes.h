// The HTTP surface, worked out from the descriptors: one Route per google.api.http binding of every
// RPC that is not internal. Immutable after Build: safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/message.h>

#include "karez/options/v1/options.pb.h"

#include "services/gateway/transcode/path_template.h"
#include "services/gateway/transcode/route_table.h"
#include "services/gateway/transcode/schema.h"

namespace karez::gateway::transcode {

// A field inside a message: "thing.id" as its steps.
using FieldPath = std::vector<const FieldInfo*>;

// INVALID_ARGUMENT "UNKNOWN_FIELD" when a step is not there or goes into no message.
Result<FieldPath> FindFieldPath(const MessageInfo& info, std::string_view path);

struct Route {
  enum class Body { kNone, kAll, kField };

  std::string http_method;
  PathTemplate path;
  std::vector<FieldPath> bindings;  // one per variable of the path
  Body body = Body::kNone;
  const FieldInfo* body_field = nullptr;
  const FieldInfo* response_field = nullptr;  // null: the whole message

  const google::protobuf::MethodDescriptor* method = nullptr;
  std::string grpc_method;  // "/karez.billing.v1.BillingService/GetBill"
  std::string service;      // "billing": upstream and audience
  options::v1::Rule rule;
  const MessageInfo* request = nullptr;
  const MessageInfo* response = nullptr;
  const google::protobuf::Message* request_prototype = nullptr;
  const google::protobuf::Message* response_prototype = nullptr;
  const FieldInfo* request_id = nullptr;  // the idempotency key, where the request has one

  bool streaming() const { return method->server_streaming(); }
  bool idempotent() const { return http_method == "GET"; }
  // Changes something, so the request id must be given.
  bool needs_request_id() const { return request_id != nullptr && !rule.without_request_id(); }
};

class Routes {
 public:
  // INVALID_ARGUMENT "BAD_ROUTE" naming the RPC whose mapping cannot work.
  static Result<std::shared_ptr<const Routes>> Build(std::shared_ptr<const Schema> schema);

  const std::vector<Route>& all() const { return routes_; }
  const Schema& schema() const { return *schema_; }
  RouteTable::Found Find(std::string_view method, const RequestPath& path) const {
    return table_.Find(method, path);
  }

 private:
  explicit Routes(std::shared_ptr<const Schema> schema) : schema_(std::move(schema)) {}
  Result<void> AddMethod(const google::protobuf::MethodDescriptor* method);

  std::shared_ptr<const Schema> schema_;
  std::vector<Route> routes_;
  RouteTable table_;
};

}  // namespace karez::gateway::transcode
