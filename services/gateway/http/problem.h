// Error -> RFC 9457 problem details. Pure functions.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "services/gateway/http/message.h"

namespace karez::gateway::http {

// google.rpc's mapping.
int StatusOf(Code code);
std::string_view StatusText(int status);

// type, title, status, code, reason, detail, action (what to do), violations (fields in
// lowerCamelCase, as in JSON), metadata, traceId.
std::string ProblemJson(const Error& error, int status, std::string_view trace_id);

// The response with the headers of its status (no-store; Retry-After from metadata
// "retry_after_seconds"; WWW-Authenticate on 401). `status` 0 takes StatusOf(error.code).
Response ProblemResponse(const Error& error, std::string_view trace_id, int status = 0);

}  // namespace karez::gateway::http
