#include "services/gateway/http/event_stream.h"

#include <mutex>
#include <optional>

#include "services/gateway/http/api_call.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/upstream/status.h"

namespace karez::gateway::http {
namespace {

using upstream::Breaker;

constexpr std::chrono::milliseconds kTick{1'000};
constexpr int kTicksPerSignOfLife = 15;
constexpr std::chrono::hours kLife{1};

class EventStream : public std::enable_shared_from_this<EventStream> {
 public:
  EventStream(Core& core, std::shared_ptr<CallRecord> call, upstream::Upstream& upstream,
              bool probe)
      : core_(core), call_(std::move(call)), upstream_(upstream), probe_(probe) {}

  void Run(grpc::ByteBuffer request) {
    auto self = shared_from_this();
    auto stream = upstream_.OpenStream(
        MakeUpstreamCall(core_, *call_, std::move(request), kLife),
        {[self](grpc::ByteBuffer message) { self->OnMessage(std::move(message)); },
         [self](grpc::Status status) { self->OnEnd(status); }});
    if (stream == nullptr) return;
    {
      const std::lock_guard lock(mutex_);
      stream_ = stream;
    }
    stream->Next();
    Tick(1);
  }

 private:
  void OnMessage(grpc::ByteBuffer message) {
    Report(Breaker::Outcome::kSuccess);
    auto json = ResponseJson(core_, call_->route(), std::move(message));
    if (!json) return Fail(json.error());
    Send("data: " + *json + "\n\n",
         [self = shared_from_this()](bool written) { written ? self->Next() : self->Cancel(); });
  }

  void OnEnd(const grpc::Status& status) {
    Report(upstream::OutcomeOf(status));
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    ended_ = true;
    stream_ = nullptr;
    const Error error = failure_ ? *failure_ : upstream::ToError(status);
    const bool ok = status.ok() && !failure_;
    if (!started_ && !ok) return call_->Refuse(error);
    Start();
    const int code = StatusOf(error.code);
    call_->exchange().Write(
        ok ? "event: end\ndata: {}\n\n"
           : "event: error\ndata: " + ProblemJson(error, code, call_->trace().trace_id) + "\n\n",
        nullptr);
    call_->exchange().EndStream();
    call_->Log(ok ? 200 : code, ok ? std::string_view() : error.reason);
  }

  // Looks every second whether the caller may still listen.
  void Tick(int count) {
    core_.after(kTick, [weak = weak_from_this(), count] {
      const auto self = weak.lock();
      if (self == nullptr || self->Ended()) return;
      if (self->call_->caller() != nullptr) {
        const auto valid = self->core_.authenticator.StillValid(*self->call_->caller());
        if (!valid) return self->Fail(valid.error());
      }
      if (count % kTicksPerSignOfLife == 0) self->Send(": alive\n\n", nullptr);
      self->Tick(count + 1);
    });
  }

  // Ends the stream with an error of the gateway's own.
  void Fail(const Error& error) {
    {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = error;
    }
    Cancel();
  }

  void Send(std::string piece, std::function<void(bool)> written) {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    Start();
    call_->exchange().Write(std::move(piece), std::move(written));
  }

  // With the lock held. The head goes out with the first piece, so that an early refusal keeps its
  // HTTP status.
  void Start() {
    if (started_) return;
    started_ = true;
    call_->StartStream([self = shared_from_this()] { self->Cancel(); });
  }

  void Next() {
    if (const auto stream = Current()) stream->Next();
  }
  void Cancel() {
    if (const auto stream = Current()) stream->Cancel();
  }
  std::shared_ptr<upstream::Stream> Current() {
    const std::lock_guard lock(mutex_);
    return stream_;
  }
  bool Ended() {
    const std::lock_guard lock(mutex_);
    return ended_;
  }
  void Report(Breaker::Outcome outcome) {
    if (reported_.exchange(true)) return;
    upstream_.breaker().Record(outcome, probe_, std::chrono::steady_clock::now());
  }

  Core& core_;
  const std::shared_ptr<CallRecord> call_;
  upstream::Upstream& upstream_;
  const bool probe_;
  std::atomic<bool> reported_ = false;
  std::mutex mutex_;
  std::shared_ptr<upstream::Stream> stream_;
  std::optional<Error> failure_;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace

void RunEventStream(Core& core, std::shared_ptr<CallRecord> call, upstream::Upstream& upstream,
                    grpc::ByteBuffer request) {
  const auto admission = upstream.breaker().Admit(std::chrono::steady_clock::now());
  if (!admission.admitted) return call->Refuse(CircuitOpen(upstream.name(), admission.retry_after));
  std::make_shared<EventStream>(core, std::move(call), upstream, admission.probe)
      ->Run(std::move(request));
}

}  // namespace karez::gateway::http
