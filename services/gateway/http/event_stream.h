// A server stream as server-sent events: `data:` with each message as JSON, a comment every 15 s as
// a sign of life, at the end `event: end`, or `event: error` with problem details. The next message
// is asked for when the one before has gone out. Ends when the client goes away, the token expires
// or the session is ended.
#pragma once

#include <memory>

#include "services/gateway/http/call.h"

namespace karez::gateway::http {

void RunEventStream(Core& core, std::shared_ptr<CallRecord> call, upstream::Upstream& upstream,
                    grpc::ByteBuffer request);

}  // namespace karez::gateway::http
