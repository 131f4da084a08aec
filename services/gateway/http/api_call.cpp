#include "services/gateway/http/api_call.h"

#include <algorithm>
#include <charconv>

#include <google/protobuf/arena.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include "libs/obs/log.h"
#include "services/gateway/http/event_stream.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/transcode/json_codec.h"
#include "services/gateway/transcode/request.h"
#include "services/gateway/upstream/status.h"

namespace karez::gateway::http {
namespace {

using transcode::Route;
using upstream::Breaker;
using upstream::Upstream;

constexpr std::chrono::milliseconds kRetryPause{50};
// What services take; the same request is longer as JSON.
constexpr std::size_t kMessageBytesMax = 10 * 1024 * 1024;

std::string Seconds(std::chrono::milliseconds time) {
  return std::to_string(
      std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

bool IsJson(std::string_view content_type) {
  const std::size_t end = std::min(content_type.find(';'), content_type.size());
  return content_type.substr(0, end) == "application/json";
}

// Signs of life for the client's own pacing, and the refusal when nothing is left.
bool Limit(Core& core, CallRecord& call) {
  const auto now = std::chrono::steady_clock::now();
  const auto rate = call.route().rule.rate();
  const std::string& peer = call.request().peer;
  const auto decision = call.caller() == nullptr ? core.limiter.TakeForAddress(rate, peer, now)
                                                 : core.limiter.TakeForCaller(
                                                       rate, call.caller()->claims().tenant,
                                                       call.caller()->claims().subject, peer, now);
  call.AddHeader("RateLimit-Limit", std::to_string(decision.limit));
  call.AddHeader("RateLimit-Remaining", std::to_string(decision.remaining));
  if (decision.allowed) return true;
  const std::string after = Seconds(decision.retry_after);
  call.AddHeader("RateLimit-Reset", after);
  call.Refuse({Code::kResourceExhausted,
               "RATE_LIMITED",
               "Too many calls of this kind: wait " + after + " s.",
               {{"retry_after_seconds", after}},
               {}});
  return false;
}

Result<void> Authenticate(Core& core, CallRecord& call) {
  if (call.route().rule.access() == options::v1::ACCESS_PUBLIC) return {};
  ASSIGN_OR_RETURN(auto caller,
                   core.authenticator.Authenticate(call.request().Header("authorization")));
  call.SetCaller(std::move(caller));
  return {};
}

// How long the caller waits; he may ask for less than the default, or for more on heavy calls.
Result<std::chrono::milliseconds> Timeout(const Core& core, const CallRecord& call) {
  const bool heavy = call.route().rule.rate() == options::v1::RATE_HEAVY;
  const auto most = heavy ? core.heavy_timeout : core.call_timeout;
  const std::string_view text = call.request().Header("karez-timeout-ms");
  if (text.empty()) return most;
  std::int64_t wanted = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), wanted);
  if (error != std::errc() || stop != text.data() + text.size() || wanted < 1) {
    return FailField("Karez-Timeout-Ms", "Must be a whole number of milliseconds from 1.");
  }
  return std::min(most, std::chrono::milliseconds(wanted));
}

Result<grpc::ByteBuffer> ReadMessage(const Core& core, const CallRecord& call,
                                     const transcode::RequestPath& path) {
  const Route& route = call.route();
  const Request& request = call.request();
  google::protobuf::Arena arena;
  auto* message = route.request_prototype->New(&arena);
  RETURN_IF_ERROR(transcode::ReadRequest(
      core.routes.schema(), route,
      {&path, request.query, request.body, request.Header("idempotency-key")}, *message));
  const std::size_t size = message->ByteSizeLong();
  if (size > kMessageBytesMax) {
    return Fail(Code::kInvalidArgument, "BODY_TOO_LARGE",
                "The request is larger than 10 MiB: send less at once.");
  }
  grpc::Slice slice(size);
  message->SerializeWithCachedSizesToArray(const_cast<std::uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

// A unary call and, for reads, its one repetition.
class Unary : public std::enable_shared_from_this<Unary> {
 public:
  Unary(Core& core, std::shared_ptr<CallRecord> call, Upstream& upstream, grpc::ByteBuffer request,
        std::chrono::milliseconds timeout)
      : core_(core),
        call_(std::move(call)),
        upstream_(upstream),
        request_(std::move(request)),
        timeout_(timeout),
        give_up_at_(std::chrono::steady_clock::now() + timeout) {}

  void Run() {
    const auto admission = upstream_.breaker().Admit(std::chrono::steady_clock::now());
    if (!admission.admitted) {
      return call_->Refuse(CircuitOpen(upstream_.name(), admission.retry_after));
    }
    upstream_.Unary(MakeUpstreamCall(core_, *call_, request_, timeout_),
                    [self = shared_from_this(), probe = admission.probe](
                        grpc::Status status, grpc::ByteBuffer response) {
                      self->Answer(status, std::move(response), probe);
                    });
  }

 private:
  void Answer(const grpc::Status& status, grpc::ByteBuffer response, bool probe) {
    auto outcome = upstream::OutcomeOf(status);
    // A deadline that the client made short says nothing about the upstream.
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED &&
        !call_->request().Header("karez-timeout-ms").empty()) {
      outcome = Breaker::Outcome::kAbandoned;
    }
    const auto now = std::chrono::steady_clock::now();
    upstream_.breaker().Record(outcome, probe, now);
    if (!status.ok()) {
      const bool again = status.error_code() == grpc::StatusCode::UNAVAILABLE && !repeated_ &&
                         call_->route().idempotent() && now + kRetryPause < give_up_at_;
      if (!again) return call_->Refuse(upstream::ToError(status));
      repeated_ = true;
      timeout_ =
          std::chrono::duration_cast<std::chrono::milliseconds>(give_up_at_ - now) - kRetryPause;
      return core_.after(kRetryPause, [self = shared_from_this()] { self->Run(); });
    }
    auto json = ResponseJson(core_, call_->route(), std::move(response));
    if (!json) return call_->Refuse(json.error());
    Response answer;
    answer.headers = {{"Content-Type", "application/json"},
                      {"Cache-Control", "no-store"},
                      {"X-Content-Type-Options", "nosniff"}};
    answer.body = *std::move(json);
    call_->Respond(std::move(answer));
  }

  Core& core_;
  const std::shared_ptr<CallRecord> call_;
  Upstream& upstream_;
  const grpc::ByteBuffer request_;
  std::chrono::milliseconds timeout_;
  const std::chrono::steady_clock::time_point give_up_at_;
  bool repeated_ = false;
};

}  // namespace

Error CircuitOpen(const std::string& service, std::chrono::milliseconds retry_after) {
  return {Code::kUnavailable,
          "CIRCUIT_OPEN",
          "The service fails at the moment and is left alone for a while.",
          {{"service", service}, {"retry_after_seconds", Seconds(retry_after)}},
          {}};
}

upstream::Call MakeUpstreamCall(Core& core, const CallRecord& call, grpc::ByteBuffer request,
                                std::chrono::milliseconds timeout) {
  upstream::Call out;
  out.method = call.route().grpc_method;
  out.request = std::move(request);
  out.deadline = std::chrono::system_clock::now() + timeout;
  out.metadata.emplace_back("traceparent", call.trace().Child().traceparent());
  if (call.caller() != nullptr) {
    out.metadata.emplace_back("x-karez-token",
                              core.authenticator.TokenFor(*call.caller(), call.route().service));
  }
  return out;
}

Result<std::string> ResponseJson(const Core& core, const Route& route, grpc::ByteBuffer response) {
  google::protobuf::Arena arena;
  auto* message = route.response_prototype->New(&arena);
  grpc::ProtoBufferReader reader(&response);
  if (!reader.status().ok() || !message->ParseFromZeroCopyStream(&reader)) {
    return Fail(Code::kDataLoss, "ANSWER_UNREADABLE", "The service's answer cannot be read.");
  }
  std::string json;
  if (route.response_field != nullptr) {
    transcode::WriteJsonField(core.routes.schema(), *route.response_field, *message, json);
  } else {
    transcode::WriteJson(core.routes.schema(), *route.response, *message, json);
  }
  return json;
}

void RunApiCall(Core& core, std::shared_ptr<CallRecord> call, const transcode::RequestPath& path) {
  if (const auto known = Authenticate(core, *call); !known) return call->Refuse(known.error());
  if (!Limit(core, *call)) return;
  const Request& request = call->request();
  if (!request.body.empty() && !IsJson(request.Header("content-type"))) {
    return call->Refuse({Code::kInvalidArgument,
                         "BAD_CONTENT_TYPE",
                         "Send the body as `Content-Type: application/json`.",
                         {},
                         {}},
                        415);
  }
  const auto timeout = Timeout(core, *call);
  if (!timeout) return call->Refuse(timeout.error());
  auto message = ReadMessage(core, *call, path);
  if (!message) {
    return call->Refuse(message.error(), message.error().reason == "BODY_TOO_LARGE" ? 413 : 0);
  }
  Upstream& upstream = *core.upstreams.find(call->route().service)->second;
  if (call->route().streaming()) {
    return RunEventStream(core, std::move(call), upstream, *std::move(message));
  }
  std::make_shared<Unary>(core, std::move(call), upstream, *std::move(message), *timeout)->Run();
}

}  // namespace karez::gateway::http
