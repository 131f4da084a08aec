#include "services/gateway/auth/revocation_watch.h"

#include "karez/identity/v1/identity.grpc.pb.h"

#include "libs/base/trace.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"

namespace karez::gateway::auth {
namespace {

constexpr std::chrono::milliseconds kPause{500};
constexpr std::chrono::minutes kStreamLife{10};

}  // namespace

RevocationWatch::RevocationWatch(std::shared_ptr<grpc::Channel> channel,
                                 std::function<std::string()> token, RevokedSessions& revoked,
                                 const Clock& clock)
    : channel_(std::move(channel)),
      token_(std::move(token)),
      revoked_(revoked),
      clock_(clock),
      thread_([this] { Run(); }) {}

RevocationWatch::~RevocationWatch() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (running_ != nullptr) running_->TryCancel();
  }
  wake_.notify_all();
  thread_.join();
}

void RevocationWatch::Run() {
  while (true) {
    Follow();
    obs::SetGauge("karez_revocations_connected", 0);
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kPause, [this] { return stopping_; })) return;
  }
}

void RevocationWatch::Follow() {
  namespace pb = identity::v1;
  grpc::ClientContext context;
  // Ended now and then, so that a half-dead stream cannot stay for ever.
  context.set_deadline(std::chrono::system_clock::now() + kStreamLife);
  context.AddMetadata("x-karez-token", token_());
  context.AddMetadata("traceparent", Trace::New().traceparent());
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    running_ = &context;
  }
  const auto stub = pb::AuthService::NewStub(channel_);
  const auto reader = stub->WatchRevocations(&context, pb::WatchRevocationsRequest());
  pb::Revocations message;
  bool first = true;
  while (reader->Read(&message)) {
    for (const auto& session : message.session_ids()) revoked_.Add(session, clock_.Now());
    if (first) obs::SetGauge("karez_revocations_connected", 1);
    first = false;
    revoked_.MarkLoaded();  // the first message holds all that are known
  }
  const grpc::Status status = reader->Finish();
  const std::lock_guard lock(mutex_);
  running_ = nullptr;
  if (stopping_ || status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) return;
  obs::Warning("revocations lost", {{"code", static_cast<int>(status.error_code())}});
}

}  // namespace karez::gateway::auth
