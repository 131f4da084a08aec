#include "libs/rpc/operation_proto.h"

#include <google/protobuf/util/json_util.h>

#include "libs/rpc/status.h"

namespace karez::rpc {
namespace {

using Proto = common::v1::Operation;
using RowProto = common::v1::ImportRow;

Proto::State ToProto(jobs::State state) {
  switch (state) {
    case jobs::State::kRunning:
      return Proto::STATE_RUNNING;
    case jobs::State::kWaiting:
      return Proto::STATE_WAITING;
    case jobs::State::kSucceeded:
      return Proto::STATE_SUCCEEDED;
    case jobs::State::kFailed:
      return Proto::STATE_FAILED;
    case jobs::State::kCancelled:
      return Proto::STATE_CANCELLED;
  }
  return Proto::STATE_UNSPECIFIED;
}

}  // namespace

void ToProto(const jobs::Operation& operation, Proto& out) {
  out.set_id(operation.id.str());
  out.set_kind(operation.kind);
  out.set_state(ToProto(operation.state));
  out.set_done(operation.done);
  out.set_total(operation.total);
  out.set_step(operation.step);
  out.set_error(operation.error);
  // Written by us as JSON, so it parses.
  static_cast<void>(
      google::protobuf::util::JsonStringToMessage(operation.result, out.mutable_result()));
  out.set_caller_name(operation.caller_name);
  *out.mutable_create_time() = ToProto(operation.created_at);
  *out.mutable_update_time() = ToProto(operation.updated_at);
}

void ToProto(const jobs::ImportedRow& row, RowProto& out) {
  out.set_line(row.line);
  for (const auto state : {RowProto::STATE_IMPORTED, RowProto::STATE_UNCHANGED,
                           RowProto::STATE_REFUSED, RowProto::STATE_WAITING}) {
    if (RowStateName(state) == row.state) out.set_state(state);
  }
  out.set_field(row.field);
  out.set_reason(row.reason);
  out.set_number(row.number);
}

std::string RowStateName(RowProto::State state) {
  switch (state) {
    case RowProto::STATE_IMPORTED:
      return "imported";
    case RowProto::STATE_UNCHANGED:
      return "unchanged";
    case RowProto::STATE_REFUSED:
      return "refused";
    case RowProto::STATE_WAITING:
      return "waiting";
    default:
      return "";
  }
}

}  // namespace karez::rpc
