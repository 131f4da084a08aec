// The gRPC server of a service: callback API in front of one bounded pool of workers. A call whose
// deadline has passed is not started; a full queue answers RESOURCE_EXHAUSTED at once.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "libs/auth/token.h"
#include "libs/base/context.h"
#include "libs/pg/pool.h"
#include "libs/pg/tenant_directory.h"

namespace karez::rpc {

struct ServerOptions {
  std::string service;  // name of this service: audience of tokens
  std::string listen;   // host:port; port 0 picks one
  int workers = 8;      // as many as database connections for calls
  int queue = 256;      // calls that may wait for a worker
};

class Methods;
class Workers;

class Server {
 public:
  Server(ServerOptions options, pg::Pool& pool, pg::TenantDirectory& tenants,
         std::shared_ptr<const auth::Verifier> verifier, const Clock& clock);
  ~Server();

  // Each RPC of the service must carry karez.options.v1.rule; aborts at start otherwise. The
  // service object must outlive the server. Register before Start.
  void Register(grpc::Service* service, const std::string& full_name);
  // UNAVAILABLE when the address cannot be bound.
  Result<void> Start();
  // Health says NOT_SERVING, running calls end, new ones are refused; returns when all have ended.
  void Stop();
  int port() const { return port_; }

  // For libs/rpc itself.
  const ServerOptions& options() const { return options_; }
  pg::Pool& pool() { return pool_; }
  pg::TenantDirectory& tenants() { return tenants_; }
  const auth::Verifier& verifier() const { return *verifier_; }
  const Clock& clock() const { return clock_; }
  Workers& workers() { return *workers_; }
  const Methods& methods() const { return *methods_; }
  bool stopping() const { return stopping_; }

 private:
  ServerOptions options_;
  pg::Pool& pool_;
  pg::TenantDirectory& tenants_;
  std::shared_ptr<const auth::Verifier> verifier_;
  const Clock& clock_;
  std::shared_ptr<Workers> workers_;
  std::unique_ptr<Methods> methods_;
  grpc::ServerBuilder builder_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
  bool registered_ = false;
  std::atomic<bool> stopping_ = false;
};

}  // namespace karez::rpc
