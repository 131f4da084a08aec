#include "services/gateway/upstream/status.h"

#include <algorithm>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace karez::gateway::upstream {
namespace {

Error TransportError(Code code) {
  Error error;
  error.code = code;
  switch (code) {
    case Code::kUnavailable:
      error.reason = "SERVICE_UNAVAILABLE";
      error.message = "The service cannot be reached at the moment.";
      break;
    case Code::kDeadlineExceeded:
      error.reason = "DEADLINE_EXCEEDED";
      error.message = "The service did not answer in time; whether it acted is not known.";
      break;
    case Code::kResourceExhausted:
      error.reason = "SERVICE_BUSY";
      error.message = "The service has too much to do at the moment.";
      break;
    case Code::kCancelled:
      error.code = Code::kUnavailable;
      error.reason = "CALL_CANCELLED";
      error.message = "The call was cancelled before it was answered.";
      break;
    case Code::kUnimplemented:
      error.code = Code::kUnavailable;
      error.reason = "NOT_DEPLOYED";
      error.message = "The running service does not know this call yet.";
      break;
    default:
      error.code = Code::kInternal;
      error.reason = "INTERNAL";
      error.message = "The service failed.";
  }
  return error;
}

}  // namespace

Error ToError(const grpc::Status& status) {
  const auto code = static_cast<Code>(status.error_code());
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  Error error;
  bool ours = false;
  if (details.ParseFromString(status.error_details())) {
    for (const auto& detail : details.details()) {
      if (detail.UnpackTo(&info)) {
        ours = true;
        error.reason = info.reason();
        error.metadata.insert(info.metadata().begin(), info.metadata().end());
      } else if (detail.UnpackTo(&bad_request)) {
        for (const auto& violation : bad_request.field_violations()) {
          error.violations.push_back({violation.field(), violation.description()});
        }
      } else if (detail.UnpackTo(&retry)) {
        error.metadata["retry_after_seconds"] =
            std::to_string(std::max<std::int64_t>(1, retry.retry_delay().seconds()));
      }
    }
  }
  if (!ours) return TransportError(code);
  error.code = code;
  error.message = status.error_message();
  return error;
}

Breaker::Outcome OutcomeOf(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      // With details it was the service that answered, for reasons of this call.
      return status.error_details().empty() ? Breaker::Outcome::kFailure
                                            : Breaker::Outcome::kSuccess;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Breaker::Outcome::kFailure;
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Breaker::Outcome::kAbandoned;
    default:
      return Breaker::Outcome::kSuccess;
  }
}

}  // namespace karez::gateway::upstream
