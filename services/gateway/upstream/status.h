// What an upstream answered, as an Error for the caller. Pure functions.
#pragma once

#include <grpcpp/grpcpp.h>

#include "libs/base/error.h"
#include "services/gateway/upstream/breaker.h"

namespace karez::gateway::upstream {

// Takes reason, message, metadata and violations from google.rpc details. A status without
// ErrorInfo did not come from a service of ours but from the transport: its text names hosts, so
// the caller gets a fixed one.
Error ToError(const grpc::Status& status);

// What the status says about the upstream's health.
Breaker::Outcome OutcomeOf(const grpc::Status& status);

}  // namespace karez::gateway::upstream
