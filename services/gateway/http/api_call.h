// From an HTTP request to the RPC behind it and back: authenticate, limit, transcode, call, answer.
#pragma once

#include <memory>

#include "services/gateway/http/call.h"

namespace karez::gateway::http {

// Takes a call whose route is set. Never blocks; answers later, from a thread of gRPC.
void RunApiCall(Core& core, std::shared_ptr<CallRecord> call, const transcode::RequestPath& path);

// The call to the upstream for this request: method, metadata, deadline.
upstream::Call MakeUpstreamCall(Core& core, const CallRecord& call, grpc::ByteBuffer request,
                                std::chrono::milliseconds timeout);

// An upstream's message as JSON. DATA_LOSS when it cannot be read.
Result<std::string> ResponseJson(const Core& core, const transcode::Route& route,
                                 grpc::ByteBuffer response);

// The refusal while the circuit is open.
Error CircuitOpen(const std::string& service, std::chrono::milliseconds retry_after);

}  // namespace karez::gateway::http
