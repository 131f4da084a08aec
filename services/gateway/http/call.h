// One HTTP request on its way through the gateway: what is known of it, its answer, its log line.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "libs/base/error.h"
#include "libs/base/time.h"
#include "libs/base/trace.h"
#include "services/gateway/auth/authenticator.h"
#include "services/gateway/http/message.h"
#include "services/gateway/limits/limiter.h"
#include "services/gateway/transcode/routes.h"
#include "services/gateway/upstream/upstream.h"

namespace karez::gateway::http {

// What calls need; outlives them all.
struct Core {
  const transcode::Routes& routes;
  auth::Authenticator& authenticator;
  limits::Limiter& limiter;
  std::map<std::string, std::unique_ptr<upstream::Upstream>, std::less<>>& upstreams;
  const Clock& clock;
  // Runs a task later; does nothing once the server has stopped.
  std::function<void(std::chrono::milliseconds, std::function<void()>)> after;
  std::chrono::milliseconds call_timeout{3'000};
  std::chrono::milliseconds heavy_timeout{30'000};
};

// Answers once; every answer is counted and logged (route template, never path, query or body).
// Used by one thread at a time until it is handed to the upstream's callback.
class CallRecord {
 public:
  CallRecord(std::shared_ptr<Exchange> exchange, std::string_view route_text);

  Exchange& exchange() { return *exchange_; }
  const Request& request() const { return exchange_->request(); }
  const Trace& trace() const { return trace_; }

  void SetRoute(const transcode::Route* route) { route_ = route; }
  const transcode::Route& route() const { return *route_; }
  void SetCaller(std::shared_ptr<const auth::Caller> caller) { caller_ = std::move(caller); }
  // Null for calls without a token.
  const std::shared_ptr<const auth::Caller>& caller() const { return caller_; }
  // Sent with the answer, whatever it is.
  void AddHeader(std::string name, std::string value);

  void Respond(Response response) { Send(std::move(response), {}); }
  // `status` 0 takes the one of the error's code.
  void Refuse(const Error& error, int status = 0);
  // For a stream: the head now, the log line at its end, by the caller.
  void StartStream(std::function<void()> closed);
  // `reason` is that of a refusal, empty otherwise.
  void Log(int status, std::string_view reason) const;

 private:
  void Send(Response response, std::string_view reason);

  std::shared_ptr<Exchange> exchange_;
  std::string_view route_text_;  // of what is no API route; a literal
  const transcode::Route* route_ = nullptr;
  std::shared_ptr<const auth::Caller> caller_;
  Trace trace_ = Trace::New();
  std::vector<std::pair<std::string, std::string>> headers_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace karez::gateway::http
