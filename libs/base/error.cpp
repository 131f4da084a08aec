#include "libs/base/error.h"

namespace karez {

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kOk:
      return "OK";
    case Code::kCancelled:
      return "CANCELLED";
    case Code::kUnknown:
      return "UNKNOWN";
    case Code::kInvalidArgument:
      return "INVALID_ARGUMENT";
    case Code::kDeadlineExceeded:
      return "DEADLINE_EXCEEDED";
    case Code::kNotFound:
      return "NOT_FOUND";
    case Code::kAlreadyExists:
      return "ALREADY_EXISTS";
    case Code::kPermissionDenied:
      return "PERMISSION_DENIED";
    case Code::kResourceExhausted:
      return "RESOURCE_EXHAUSTED";
    case Code::kFailedPrecondition:
      return "FAILED_PRECONDITION";
    case Code::kAborted:
      return "ABORTED";
    case Code::kOutOfRange:
      return "OUT_OF_RANGE";
    case Code::kUnimplemented:
      return "UNIMPLEMENTED";
    case Code::kInternal:
      return "INTERNAL";
    case Code::kUnavailable:
      return "UNAVAILABLE";
    case Code::kDataLoss:
      return "DATA_LOSS";
    case Code::kUnauthenticated:
      return "UNAUTHENTICATED";
  }
  return "UNKNOWN";
}

std::ostream& operator<<(std::ostream& out, const Error& error) {
  out << CodeName(error.code) << ' ' << error.reason << ": " << error.message;
  for (const auto& [field, description] : error.violations) {
    out << " [" << field << ": " << description << ']';
  }
  return out;
}

tl::unexpected<Error> Fail(Code code, std::string reason, std::string message,
                           std::map<std::string, std::string> metadata) {
  return tl::make_unexpected(
      Error{code, std::move(reason), std::move(message), std::move(metadata), {}});
}

tl::unexpected<Error> FailField(std::string field, std::string description) {
  Violations bad;
  bad.Add(std::move(field), std::move(description));
  return tl::make_unexpected(bad.Check().error());
}

void Violations::Add(std::string field, std::string description) {
  items_.push_back({std::move(field), std::move(description)});
}

void Violations::Add(std::string_view prefix, const Error& error) {
  if (error.violations.empty()) {
    Add(std::string(prefix), error.message);
    return;
  }
  for (const auto& [field, description] : error.violations) {
    Add(prefix.empty() ? field : std::string(prefix) + "." + field, description);
  }
}

Result<void> Violations::Check() const {
  if (items_.empty()) return {};
  Error error{Code::kInvalidArgument,
              "INVALID_FIELDS",
              "Some fields cannot be accepted; each is listed with what would be right.",
              {},
              items_};
  return tl::make_unexpected(std::move(error));
}

}  // namespace karez
