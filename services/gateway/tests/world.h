// A gateway in front of a probe service and a stand-in for identity, all in this process, on free
// ports, with keys of their own.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "karez/identity/v1/identity.grpc.pb.h"
#include "karez/probe/v1/probe.grpc.pb.h"

#include "libs/auth/token.h"
#include "services/gateway/app.h"

namespace karez::gateway {

// Streams ended sessions, as identity does.
class FakeIdentity final : public identity::v1::AuthService::Service {
 public:
  void Revoke(const std::string& session);
  void Stop();
  grpc::Status WatchRevocations(grpc::ServerContext* context,
                                const identity::v1::WatchRevocationsRequest* request,
                                grpc::ServerWriter<identity::v1::Revocations>* writer) override;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> revoked_;
  bool stopping_ = false;
};

// Does what Greet's wish says; remembers what it was sent.
class FakeProbe final : public probe::v1::ProbeService::Service {
 public:
  explicit FakeProbe(std::shared_ptr<const karez::auth::Verifier> verifier)
      : verifier_(std::move(verifier)) {}
  grpc::Status GetThing(grpc::ServerContext* context, const probe::v1::GetThingRequest* request,
                        probe::v1::Thing* response) override;
  grpc::Status ListThings(grpc::ServerContext* context, const probe::v1::ListThingsRequest* request,
                          probe::v1::ListThingsResponse* response) override;
  grpc::Status CreateThing(grpc::ServerContext* context,
                           const probe::v1::CreateThingRequest* request,
                           probe::v1::Thing* response) override;
  grpc::Status Greet(grpc::ServerContext* context, const probe::v1::GreetRequest* request,
                     probe::v1::GreetResponse* response) override;
  grpc::Status WatchCount(grpc::ServerContext* context, const probe::v1::WatchCountRequest* request,
                          grpc::ServerWriter<probe::v1::Count>* writer) override;

  int calls() const { return calls_; }
  int counts_written() const { return counts_written_; }
  int streams_cancelled() const { return streams_cancelled_; }
  // So many of the next calls answer UNAVAILABLE, as a connection that breaks does.
  void FailNext(int calls) { fail_next_ = calls; }

 private:
  std::shared_ptr<const karez::auth::Verifier> verifier_;
  std::atomic<int> calls_ = 0;
  std::atomic<int> counts_written_ = 0;
  std::atomic<int> streams_cancelled_ = 0;
  std::atomic<int> fail_next_ = 0;
};

class World {
 public:
  // `adjust` changes the configuration before the gateway starts.
  explicit World(const std::function<void(Config&)>& adjust = [](Config&) {});
  ~World();

  int port() const { return app_->port(); }
  int probe_port() const { return probe_port_; }
  FakeIdentity& identity() { return identity_; }
  FakeProbe& probe() { return *probe_; }
  App& app() { return *app_; }
  // Value for the Authorization header.
  std::string Bearer(const std::string& session = "session-1",
                     const std::string& subject = "staff-1", TenantId tenant = 7) const;
  std::string Token(const std::function<void(karez::auth::Claims&)>& adjust) const;
  void StopProbe();
  void StartProbe();
  const std::filesystem::path& directory() const { return directory_; }

 private:
  SystemClock clock_;
  std::filesystem::path directory_;
  std::shared_ptr<const karez::auth::Signer> identity_key_;
  FakeIdentity identity_;
  std::unique_ptr<FakeProbe> probe_;
  std::unique_ptr<grpc::Server> identity_server_;
  std::unique_ptr<grpc::Server> probe_server_;
  int probe_port_ = 0;
  std::unique_ptr<App> app_;
};

}  // namespace karez::gateway
