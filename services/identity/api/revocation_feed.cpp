#include "services/identity/api/revocation_feed.h"

#include <optional>

#include "libs/obs/log.h"
#include "libs/rpc/status.h"
#include "services/identity/store/session_store.h"

namespace karez::identity::api {
namespace {

using std::chrono::steady_clock;

constexpr auto kPeriod = std::chrono::milliseconds(300);
constexpr auto kSignOfLife = std::chrono::seconds(1);
// Twice the life of an access token. Rows are looked for over the whole of it each time: they
// become visible out of order, and the clocks of processes differ.
constexpr auto kLookBack = std::chrono::minutes(10);

}  // namespace

// One open stream. Messages are collected while one is being written.
class RevocationFeed::Stream final : public grpc::ServerWriteReactor<v1::Revocations> {
 public:
  explicit Stream(RevocationFeed& feed) : feed_(feed) {}

  void Push(const std::vector<std::string>& sessions) {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    for (const std::string& session : sessions) pending_.add_session_ids(session);
    const bool quiet = steady_clock::now() - last_write_ >= kSignOfLife;
    if (!writing_ && (pending_.session_ids_size() > 0 || quiet)) Write();
  }

  void End(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (end_) return;
    end_ = status;
    if (!writing_) Finish(status);  // otherwise when the write has ended
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok && !end_) end_ = grpc::Status::CANCELLED;
    if (end_) {
      Finish(*end_);
    } else if (pending_.session_ids_size() > 0) {
      Write();
    }
  }

  void OnCancel() override { End(grpc::Status::CANCELLED); }

  void OnDone() override {
    feed_.Remove(this);
    delete this;
  }

 private:
  // With the mutex held.
  void Write() {
    writing_ = true;
    last_write_ = steady_clock::now();
    message_.Swap(&pending_);
    pending_.Clear();
    StartWrite(&message_);
  }

  RevocationFeed& feed_;
  std::mutex mutex_;
  v1::Revocations pending_;
  v1::Revocations message_;  // being written
  steady_clock::time_point last_write_{};
  bool writing_ = false;
  std::optional<grpc::Status> end_;
};

RevocationFeed::RevocationFeed(pg::Pool& pool, const rpc::Server& server, const Clock& clock)
    : pool_(pool), server_(server), clock_(clock) {}

RevocationFeed::~RevocationFeed() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  stopping_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RevocationFeed::Start() {
  thread_ = std::thread([this] { Run(); });
}

grpc::ServerWriteReactor<v1::Revocations>* RevocationFeed::Watch(const Result<Context>& caller) {
  auto* stream = new Stream(*this);
  if (!caller) {
    stream->End(rpc::ToStatus(caller.error()));
    return stream;
  }
  std::vector<std::string> all;
  const std::lock_guard lock(mutex_);
  for (const auto& [session, since] : known_) all.push_back(session);
  streams_.insert(stream);
  stream->Push(all);
  return stream;
}

void RevocationFeed::Remove(Stream* stream) {
  const std::lock_guard lock(mutex_);
  streams_.erase(stream);
}

void RevocationFeed::Run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_.wait_for(lock, kPeriod, [this] { return stop_; })) return;
    }
    if (server_.stopping()) {
      EndAll();
      continue;
    }
    try {
      Poll();
    } catch (const std::exception& e) {
      // The streams fall silent, which tells the gateways that they know no more.
      obs::Warning("revocations cannot be read", {{"error", e.what()}});
    }
  }
}

void RevocationFeed::Poll() {
  std::vector<std::string> rows;
  pool_.RunTransaction({}, [&](pg::Tx& tx) {
    rows = store::RevokedSince(tx, clock_.Now() - kLookBack);
    return false;
  });
  const auto now = steady_clock::now();
  const std::lock_guard lock(mutex_);
  std::vector<std::string> fresh;
  for (const std::string& session : rows) {
    if (known_.emplace(session, now).second) fresh.push_back(session);
  }
  std::erase_if(known_, [&](const auto& entry) { return now - entry.second > 2 * kLookBack; });
  for (Stream* stream : streams_) stream->Push(fresh);
}

void RevocationFeed::EndAll() {
  const std::lock_guard lock(mutex_);
  for (Stream* stream : streams_) {
    stream->End(grpc::Status(grpc::StatusCode::UNAVAILABLE, "The service is stopping."));
  }
}

}  // namespace karez::identity::api
