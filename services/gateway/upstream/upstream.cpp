#include "services/gateway/upstream/upstream.h"

#include <grpc/grpc.h>

namespace karez::gateway::upstream {
namespace {

// Defaults would take half a minute to see that a service is back (measured).
std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address, bool for_streams) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 64 * 1024);
  arguments.SetMaxReceiveMessageSize(16 * 1024 * 1024);
  // Retries are decided above, by what is idempotent.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetServiceConfigJSON(R"({"loadBalancingConfig":[{"round_robin":{}}]})");
  if (for_streams) {
    // A connection of its own: streams use up the concurrent streams that calls would wait for.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  }
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

void Prepare(const Call& call, grpc::ClientContext& context) {
  context.set_deadline(call.deadline);
  for (const auto& [key, value] : call.metadata) context.AddMetadata(key, value);
}

}  // namespace

// Owns itself until its answer is there.
class UnaryCall {
 public:
  static void Start(Upstream& upstream, Call call, Upstream::Done done) {
    auto* self = new UnaryCall(upstream, std::move(call), std::move(done));
    if (!upstream.Enter(self->context_)) {
      self->done_({grpc::StatusCode::CANCELLED, "stopping"}, {});
      delete self;
      return;
    }
    ++upstream.calls_;
    upstream.stub_.UnaryCall(self->context_.get(), self->call_.method, grpc::StubOptions(),
                             &self->call_.request, &self->response_,
                             [self](grpc::Status status) { self->Finish(std::move(status)); });
  }

 private:
  UnaryCall(Upstream& upstream, Call call, Upstream::Done done)
      : upstream_(upstream), call_(std::move(call)), done_(std::move(done)) {
    Prepare(call_, *context_);
  }
  void Finish(grpc::Status status) {
    --upstream_.calls_;
    done_(std::move(status), std::move(response_));
    upstream_.Leave(context_);
    delete this;
  }

  Upstream& upstream_;
  Call call_;
  Upstream::Done done_;
  const std::shared_ptr<grpc::ClientContext> context_ = std::make_shared<grpc::ClientContext>();
  grpc::ByteBuffer response_;
};

// Owned by gRPC until OnDone and by whoever reads the stream. A server stream through the generic
// stub must be a bidirectional call that writes once.
class StreamCall final : public Stream,
                         public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(Upstream& upstream, Call call, StreamEvents events)
      : upstream_(upstream), call_(std::move(call)), events_(std::move(events)) {
    Prepare(call_, *context_);
  }

  bool Start() {
    if (!upstream_.Enter(context_)) return false;
    ++upstream_.streams_;
    self_ = shared_from_this();
    upstream_.stream_stub_.PrepareBidiStreamingCall(context_.get(), call_.method,
                                                    grpc::StubOptions(), this);
    AddHold();  // Next() comes from other threads
    StartWriteLast(&call_.request, grpc::WriteOptions());
    StartCall();
    return true;
  }

  void Next() override {
    const std::lock_guard lock(mutex_);
    if (!held_) return;
    StartRead(&message_);
  }
  void Cancel() override {
    context_->TryCancel();
    Release();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Release();
    // The reader may ask for the next message, into message_, before its callback returns.
    grpc::ByteBuffer message;
    message.Swap(&message_);
    events_.message(std::move(message));
  }
  void OnDone(const grpc::Status& status) override {
    --upstream_.streams_;
    events_.end(status);
    events_ = {};
    upstream_.Leave(context_);
    self_.reset();
  }

 private:
  void Release() {
    const std::lock_guard lock(mutex_);
    if (!held_) return;
    held_ = false;
    RemoveHold();
  }

  Upstream& upstream_;
  Call call_;
  StreamEvents events_;
  const std::shared_ptr<grpc::ClientContext> context_ = std::make_shared<grpc::ClientContext>();
  grpc::ByteBuffer message_;
  std::mutex mutex_;
  bool held_ = true;
  std::shared_ptr<StreamCall> self_;
};

Upstream::Upstream(Options options)
    : options_(std::move(options)),
      channel_(MakeChannel(options_.address, false)),
      stream_channel_(MakeChannel(options_.address, true)),
      stub_(channel_),
      stream_stub_(stream_channel_) {}

Upstream::~Upstream() { Stop(); }

bool Upstream::Enter(const std::shared_ptr<grpc::ClientContext>& context) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  running_.insert(context);
  return true;
}

void Upstream::Leave(const std::shared_ptr<grpc::ClientContext>& context) {
  const std::lock_guard lock(mutex_);
  running_.erase(context);
  if (running_.empty()) none_left_.notify_all();
}

void Upstream::Unary(Call call, Done done) {
  if (calls_ >= options_.calls_max) {
    done({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls under way"}, {});
    return;
  }
  UnaryCall::Start(*this, std::move(call), std::move(done));
}

std::shared_ptr<Stream> Upstream::OpenStream(Call call, StreamEvents events) {
  const auto end = events.end;
  if (streams_ >= options_.streams_max) {
    end({grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams open"});
    return nullptr;
  }
  auto stream = std::make_shared<StreamCall>(*this, std::move(call), std::move(events));
  if (!stream->Start()) {
    end({grpc::StatusCode::CANCELLED, "stopping"});
    return nullptr;
  }
  return stream;
}

void Upstream::Stop() {
  std::set<std::shared_ptr<grpc::ClientContext>> running;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    running = running_;
  }
  // Cancelling may run callbacks on this thread, which take the lock.
  for (const auto& context : running) context->TryCancel();
  std::unique_lock lock(mutex_);
  none_left_.wait(lock, [this] { return running_.empty(); });
}

}  // namespace karez::gateway::upstream
