// An event as it arrives from Kafka (CloudEvents 1.0, binary mode).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "libs/base/context.h"

namespace karez::events {

struct Message {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::string key;      // "<tenant>:<aggregate id>"
  Uuid id;              // ce_id
  std::string type;     // ce_type, full protobuf name of the payload
  std::string subject;  // ce_subject, the aggregate's id
  std::optional<TenantId> tenant;
  std::int64_t version = 0;  // ce_sequence, the aggregate's version
  Instant time;
  Trace trace;
  std::string payload;
  std::map<std::string, std::string> headers;  // all of them, as sent
};

// Sets id, type, subject, tenant, version, time and trace from `headers`; what is missing or
// malformed stays empty.
void FillFromHeaders(Message& message);

}  // namespace karez::events
