#include "libs/rpc/status.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace karez::rpc {
namespace {

// Details travel as metadata, which fails the whole connection above 8 KB: what is longer is cut.
constexpr std::size_t kMaxDetails = 4096;

}  // namespace

grpc::Status ToStatus(const Error& error) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(error.code));
  out.set_message(error.message);
  google::rpc::ErrorInfo info;
  info.set_reason(error.reason);
  info.set_domain("karez");
  for (const auto& [key, value] : error.metadata) (*info.mutable_metadata())[key] = value;
  out.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  std::size_t size = out.ByteSizeLong();
  for (const auto& [field, description] : error.violations) {
    size += field.size() + description.size() + 16;
    if (size > kMaxDetails) break;
    auto* violation = bad.add_field_violations();
    violation->set_field(field);
    violation->set_description(description);
  }
  if (bad.field_violations_size() > 0) out.add_details()->PackFrom(bad);
  return grpc::Status(static_cast<grpc::StatusCode>(error.code), error.message,
                      out.SerializeAsString());
}

Error FromStatus(const grpc::Status& status) {
  Error error;
  error.code = static_cast<Code>(status.error_code());
  error.message = status.error_message();
  error.reason = CodeName(error.code);
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) return error;
  for (const auto& any : details.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::BadRequest bad;
    if (any.UnpackTo(&info)) {
      error.reason = info.reason();
      error.metadata.insert(info.metadata().begin(), info.metadata().end());
    } else if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        error.violations.push_back({violation.field(), violation.description()});
      }
    }
  }
  return error;
}

google::protobuf::Timestamp ToProto(Instant value) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(value);
  google::protobuf::Timestamp out;
  out.set_seconds(seconds.time_since_epoch().count());
  out.set_nanos(static_cast<std::int32_t>((value - seconds).count() * 1000));
  return out;
}

Result<Instant> FromProto(const google::protobuf::Timestamp& value) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // 0001-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31
  if (value.seconds() < kFirst || value.seconds() > kLast || value.nanos() < 0 ||
      value.nanos() > 999'999'999) {
    return Fail(Code::kInvalidArgument, "TIME_INVALID", "Must be a time in the years 1 to 9999.");
  }
  return Instant(std::chrono::seconds(value.seconds()) +
                 std::chrono::microseconds(value.nanos() / 1000));
}

}  // namespace karez::rpc
