#include "libs/host/host.h"

#include <stdexcept>

#include "libs/obs/metrics.h"

namespace karez::host {

HostConfig ReadHostConfig(config::Reader& reader) {
  HostConfig out;
  out.grpc_listen = reader.Address("KAREZ_GRPC_LISTEN", "Where this service answers gRPC.");
  out.metrics_listen =
      reader.Address("KAREZ_METRICS_LISTEN", "Where operators read /metrics, /healthz, /readyz.");
  out.db_url = reader.Text("KAREZ_DB_URL", "Database, libpq URI without password.");
  out.db_password_file =
      reader.SecretFile("KAREZ_DB_PASSWORD_FILE", "Password of that role; empty for none.", "");
  out.relay_url = reader.Text("KAREZ_DB_RELAY_URL", "Database as the relay's role, libpq URI.");
  out.relay_password_file = reader.SecretFile("KAREZ_DB_RELAY_PASSWORD_FILE",
                                              "Password of the relay's role; empty for none.", "");
  out.brokers = reader.Text("KAREZ_KAFKA_BROKERS", "Kafka bootstrap servers, host:port,….");
  out.trusted_keys_dir = reader.Text(
      "KAREZ_TRUSTED_KEYS_DIR", "Directory with the public key of each process, <issuer>.pem.");
  out.sealing_key_file = reader.SecretFile("KAREZ_SEALING_KEY_FILE",
                                           "Hex of 32 bytes that seal personal data at rest.");
  out.workers = static_cast<int>(reader.Integer(
      "KAREZ_WORKERS", "Threads, and database connections, for calls.", 8, {1, 256}));
  out.log_level = obs::ParseLevel(
      reader.Text("KAREZ_LOG_LEVEL", "Lowest level written: debug, info, warning, error.", "info"));
  return out;
}

namespace {

std::string ReadSecret(const std::string& path) {
  const auto text = config::ReadFile(path);
  if (!text) throw std::runtime_error(text.error().message);
  return *text;
}

}  // namespace

Host::Host(std::string service, HostConfig config, const std::vector<pg::Migration>& migrations,
           const Clock& clock)
    : service_(std::move(service)),
      config_(std::move(config)),
      migrations_(migrations),
      clock_(clock),
      // Calls, the consumer, the runner and the health check each need a connection at times.
      pool_({.url = config_.db_url,
             .password_file = config_.db_password_file,
             .size = config_.workers + 4,
             .application_name = service_}),
      tenants_(pool_) {
  const auto sealer = auth::Sealer::FromHexKey(ReadSecret(config_.sealing_key_file));
  if (!sealer) throw std::runtime_error(sealer.error().message);
  sealer_ = *sealer;
  server_ = std::make_unique<rpc::Server>(
      rpc::ServerOptions{
          .service = service_, .listen = config_.grpc_listen, .workers = config_.workers},
      pool_, tenants_, auth::Verifier::FromDirectory(config_.trusted_keys_dir), clock_);
  consumer_ = events::Consumer::Create(
      {.service = service_, .name = ConsumerGroup(), .brokers = config_.brokers}, pool_, tenants_,
      clock_);
  runner_ = jobs::Runner::Create(service_, pool_, tenants_, clock_);
}

Host::~Host() { Stop(); }

std::string Host::Topic(const std::string& service) const {
  return config_.topic_prefix + service + ".v1";
}

std::string Host::ConsumerGroup() const {
  return config_.topic_prefix == "karez." ? service_ : config_.topic_prefix + service_;
}

Result<void> Host::Start() {
  if (!pg::MigrationsMatch(pool_, migrations_)) {
    return Fail(Code::kFailedPrecondition, "NOT_READY",
                "The database cannot be reached or lacks migrations: check KAREZ_DB_URL and run "
                "`karez-" +
                    service_ + " migrate` first.");
  }
  RETURN_IF_ERROR(server_->Start());
  consumer_->Start();
  runner_->Start();
  relay_ = events::Relay::Start({.service = service_,
                                 .db_url = config_.relay_url,
                                 .password_file = config_.relay_password_file,
                                 .brokers = config_.brokers,
                                 .topic = Topic(service_)});
  obs::OnScrape([this] { obs::SetGauge("karez_db_pool_in_use", pool_.in_use()); });
  if (!config_.metrics_listen.empty()) {
    auto listener =
        obs::OperatorListener::Start(config_.metrics_listen, [this] { return NotReady(); });
    if (!listener) return tl::make_unexpected(listener.error());
    listener_ = *std::move(listener);
  }
  started_ = true;
  return {};
}

void Host::Stop() {
  if (!started_) return;
  started_ = false;
  server_->Stop();
  consumer_->Stop();
  runner_->Stop();
  relay_.reset();
  listener_.reset();
}

std::string Host::NotReady() {
  if (!started_) return "stopping";
  if (!pool_.Healthy()) return "database is not reachable";
  return {};
}

}  // namespace karez::host
