// HTTP request -> request message. Pure functions over the immutable routes.
#pragma once

#include <string_view>

#include <google/protobuf/message.h>

#include "libs/base/error.h"
#include "services/gateway/transcode/routes.h"

namespace karez::gateway::transcode {

struct RequestParts {
  const RequestPath* path = nullptr;
  std::string_view query;            // without `?`, still encoded
  std::string_view body;             // empty counts as an empty message
  std::string_view idempotency_key;  // header; fills an empty request_id
};

// Fills `message` from body, path, query and key. INVALID_ARGUMENT names every bad field.
Result<void> ReadRequest(const Schema& schema, const Route& route, const RequestParts& parts,
                         google::protobuf::Message& message);

}  // namespace karez::gateway::transcode
