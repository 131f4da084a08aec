// Error <-> grpc::Status with google.rpc details (ErrorInfo, BadRequest), and protobuf values that
// every service converts.
#pragma once

#include <string>

#include <google/protobuf/timestamp.pb.h>
#include <grpcpp/grpcpp.h>

#include "libs/base/error.h"
#include "libs/base/time.h"

namespace karez::rpc {

grpc::Status ToStatus(const Error& error);
Error FromStatus(const grpc::Status& status);

google::protobuf::Timestamp ToProto(Instant value);
// INVALID_ARGUMENT for times outside years 1 to 9999.
Result<Instant> FromProto(const google::protobuf::Timestamp& value);

}  // namespace karez::rpc
