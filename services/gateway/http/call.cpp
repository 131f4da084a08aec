#include "services/gateway/http/call.h"

#include <array>
#include <cmath>

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/gateway/http/problem.h"

namespace karez::gateway::http {
namespace {

// A label for metrics: methods that clients make up count as one.
std::string_view MethodLabel(std::string_view method) {
  static constexpr std::array<std::string_view, 7> kKnown = {"GET",    "POST", "PUT",    "PATCH",
                                                             "DELETE", "HEAD", "OPTIONS"};
  for (const std::string_view known : kKnown) {
    if (method == known) return known;
  }
  return "OTHER";
}

}  // namespace

CallRecord::CallRecord(std::shared_ptr<Exchange> exchange, std::string_view route_text)
    : exchange_(std::move(exchange)), route_text_(route_text) {}

void CallRecord::AddHeader(std::string name, std::string value) {
  headers_.emplace_back(std::move(name), std::move(value));
}

void CallRecord::Send(Response response, std::string_view reason) {
  for (auto& header : headers_) response.headers.push_back(std::move(header));
  response.headers.emplace_back("Karez-Trace-Id", trace_.trace_id);
  Log(response.status, reason);
  exchange_->Respond(std::move(response));
}

void CallRecord::Refuse(const Error& error, int status) {
  obs::Count("karez_http_refused_total", {{"code", CodeName(error.code)}});
  Send(ProblemResponse(error, trace_.trace_id, status), error.reason);
}

void CallRecord::StartStream(std::function<void()> closed) {
  Response head;
  head.headers = {{"Content-Type", "text/event-stream"},
                  {"Cache-Control", "no-store"},
                  {"X-Accel-Buffering", "no"},
                  {"X-Content-Type-Options", "nosniff"},
                  {"Karez-Trace-Id", trace_.trace_id}};
  for (auto& header : headers_) head.headers.push_back(std::move(header));
  exchange_->StartStream(std::move(head), std::move(closed));
}

void CallRecord::Log(int status, std::string_view reason) const {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start_;
  const std::string_view route =
      route_ == nullptr ? route_text_ : std::string_view(route_->path.text());
  const std::string_view method = MethodLabel(request().method);
  const std::string code = std::to_string(status);
  obs::ObserveSeconds("karez_http_request_duration_seconds", took.count(),
                      {{"route", route}, {"method", method}});
  obs::Count("karez_http_requests_total", {{"route", route}, {"method", method}, {"status", code}});
  // A trace from outside is only a hint: calls start a trace of their own and name that one.
  const std::string_view parent = request().Header("traceparent");
  const Trace outside = Trace::FromTraceparent(parent);
  const bool linked = !parent.empty() && parent.find(outside.trace_id) != std::string_view::npos;
  obs::Info("http", {{"method", method},
                     {"route", route},
                     {"status", status},
                     {"reason", reason},
                     {"ms", std::round(took.count() * 1e6) / 1e3},
                     {"tenant", caller_ ? caller_->claims().tenant : 0},
                     {"linked_trace_id", linked ? outside.trace_id : std::string()},
                     obs::LogField(trace_)});
}

}  // namespace karez::gateway::http
