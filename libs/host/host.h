// What every service process has: database pool, gRPC server, relay, consumer, job runner and the
// operators' listener, started and stopped in the right order. A service's App is built on it;
// tests build the same App on a Host over a test database.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "libs/auth/secrets.h"
#include "libs/auth/token.h"
#include "libs/config/config.h"
#include "libs/events/consumer.h"
#include "libs/events/relay.h"
#include "libs/jobs/runner.h"
#include "libs/obs/http.h"
#include "libs/obs/log.h"
#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"
#include "libs/pg/tenant_directory.h"
#include "libs/rpc/server.h"

namespace karez::host {

struct HostConfig {
  std::string grpc_listen;
  std::string metrics_listen;
  std::string db_url, db_password_file;
  std::string relay_url, relay_password_file;
  std::string brokers;
  std::string trusted_keys_dir;
  std::string sealing_key_file;
  int workers = 8;
  obs::Level log_level = obs::Level::kInfo;
  // Tests name their own topics; empty means karez.<service>.v1 and the consumer group <service>.
  std::string topic_prefix = "karez.";
};

HostConfig ReadHostConfig(config::Reader& reader);

class Host {
 public:
  // Throws std::runtime_error with what to do when a key or password file cannot be used.
  Host(std::string service, HostConfig config, const std::vector<pg::Migration>& migrations,
       const Clock& clock);
  ~Host();

  const std::string& service() const { return service_; }
  pg::Pool& pool() { return pool_; }
  pg::TenantDirectory& tenants() { return tenants_; }
  rpc::Server& server() { return *server_; }
  events::Consumer& consumer() { return *consumer_; }
  jobs::Runner& runner() { return *runner_; }
  const auth::Sealer& sealer() const { return *sealer_; }
  const Clock& clock() const { return clock_; }
  const HostConfig& config() const { return config_; }
  // "karez.billing.v1", with the prefix of this installation.
  std::string Topic(const std::string& service) const;

  // Starts what was registered and serves; UNAVAILABLE when a port cannot be bound,
  // FAILED_PRECONDITION when the migrations do not match.
  Result<void> Start();
  // Drains calls, then the consumer, runner and relay.
  void Stop();

 private:
  std::string NotReady();
  std::string ConsumerGroup() const;

  std::string service_;
  HostConfig config_;
  const std::vector<pg::Migration>& migrations_;
  const Clock& clock_;
  pg::Pool pool_;
  pg::TenantDirectory tenants_;
  std::shared_ptr<const auth::Sealer> sealer_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<events::Consumer> consumer_;
  std::unique_ptr<jobs::Runner> runner_;
  std::unique_ptr<events::Relay> relay_;
  std::unique_ptr<obs::OperatorListener> listener_;
  bool started_ = false;
};

// A service's App: constructs api, consumers and jobs on a Host.
class App {
 public:
  virtual ~App() = default;
};

struct Program {
  std::string service;
  const std::vector<pg::Migration>* migrations = nullptr;
  // Reads the service's own settings; called for every command.
  std::function<void(config::Reader&)> configure = [](config::Reader&) {};
  std::function<std::unique_ptr<App>(Host&)> make_app;
  // Further sub-commands beside serve, migrate, config, parked.
  std::map<std::string, std::function<int(Host&)>> commands;
};

// main() of a service: serve (default), migrate, config, parked [redrive], help.
int Main(int argc, char** argv, const Program& program);

}  // namespace karez::host
