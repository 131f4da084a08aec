#include "libs/testing/service.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "libs/events/producer.h"
#include "libs/events/source.h"
#include "libs/testing/callback_queue.h"
#include "libs/testing/eventually.h"

namespace karez::testing {
namespace {

std::string Brokers() {
  const char* brokers = std::getenv("KAREZ_TEST_KAFKA");
  if (brokers == nullptr || *brokers == '\0') {
    throw std::runtime_error("KAREZ_TEST_KAFKA is not set: run through `make test`.");
  }
  return brokers;
}

void CreateTopics(const std::vector<std::string>& names) {
  char problem[256];
  rd_kafka_conf_t* config = rd_kafka_conf_new();
  rd_kafka_conf_set(config, "bootstrap.servers", Brokers().c_str(), problem, sizeof problem);
  rd_kafka_t* kafka = rd_kafka_new(RD_KAFKA_PRODUCER, config, problem, sizeof problem);
  std::vector<rd_kafka_NewTopic_t*> topics;
  for (const auto& name : names) {
    topics.push_back(rd_kafka_NewTopic_new(name.c_str(), 3, 1, problem, sizeof problem));
  }
  rd_kafka_queue_t* queue = rd_kafka_queue_new(kafka);
  rd_kafka_CreateTopics(kafka, topics.data(), topics.size(), nullptr, queue);
  rd_kafka_event_t* event = rd_kafka_queue_poll(queue, 15'000);
  const bool answered = event != nullptr;
  if (answered) rd_kafka_event_destroy(event);
  rd_kafka_NewTopic_destroy_array(topics.data(), topics.size());
  rd_kafka_queue_destroy(queue);
  rd_kafka_destroy(kafka);
  if (!answered) throw std::runtime_error("Kafka did not create the topics");
}

void WriteFile(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

struct KeyPair {
  std::string private_pem, public_pem;
};

KeyPair GenerateKeyPair() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  const auto text = [key](auto write) {
    BIO* bio = BIO_new(BIO_s_mem());
    write(bio, key);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio, &data);
    std::string pem(data, static_cast<std::size_t>(size));
    BIO_free(bio);
    return pem;
  };
  KeyPair pair;
  pair.private_pem = text([](BIO* bio, EVP_PKEY* k) {
    PEM_write_bio_PrivateKey(bio, k, nullptr, nullptr, 0, nullptr, nullptr);
  });
  pair.public_pem = text([](BIO* bio, EVP_PKEY* k) { PEM_write_bio_PUBKEY(bio, k); });
  EVP_PKEY_free(key);
  return pair;
}

const auth::Signer& TestGateway(const std::string& directory) {
  static std::map<std::string, std::shared_ptr<const auth::Signer>> signers;
  auto& signer = signers[directory];
  if (!signer) {
    const auto pair = GenerateKeyPair();
    WriteFile(directory + "/gateway.pem", pair.public_pem);
    signer = *auth::Signer::FromPem("gateway", pair.private_pem);
  }
  return *signer;
}

}  // namespace

Service::Service(const std::string& name, const std::vector<pg::Migration>& migrations,
                 const Clock& clock)
    : name_(name), migrations_(migrations), clock_(clock) {
  KeepCallbackQueue();
  static int count = 0;
  database_ = std::make_unique<Database>(name, migrations);
  prefix_ = "test" + std::to_string(getpid()) + "n" + std::to_string(++count) + ".";
  directory_ = std::filesystem::temp_directory_path() / ("karez-" + prefix_ + name);
  std::filesystem::create_directories(directory_);
  TestGateway(directory_);
  WriteFile(directory_ + "/sealing", std::string(64, '7'));
  std::vector<std::string> topics;
  for (const char* service : {"identity", "accounts", "metering", "billing", "frames"}) {
    topics.push_back(prefix_ + service + ".v1");
  }
  CreateTopics(topics);
  host_ = MakeHost();
}

Service::~Service() {
  host_.reset();
  std::filesystem::remove_all(directory_);
}

std::unique_ptr<host::Host> Service::MakeHost() {
  host::HostConfig config;
  config.grpc_listen = "127.0.0.1:0";
  config.db_url = database_->Url("karez_" + name_);
  config.relay_url = database_->Url("karez_relay_" + name_);
  config.brokers = Brokers();
  config.trusted_keys_dir = directory_;
  config.sealing_key_file = directory_ + "/sealing";
  config.workers = 4;
  config.topic_prefix = prefix_;
  return std::make_unique<host::Host>(name_, config, migrations_, clock_);
}

void Service::Start() {
  if (const auto started = host_->Start(); !started) {
    throw std::runtime_error(started.error().message);
  }
}

host::Host& Service::Restart() {
  channel_.reset();
  host_.reset();
  host_ = MakeHost();
  return *host_;
}

std::string Service::Staff(TenantId tenant, std::set<std::string, std::less<>> permissions,
                           std::vector<BranchId> branches) const {
  auth::Claims claims;
  claims.audience = name_;
  claims.subject = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
  claims.tenant = tenant;
  claims.session = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5c";
  claims.name = "Test Clerk";
  claims.kind = "staff";
  claims.permissions = std::move(permissions);
  claims.all_branches = branches.empty();
  claims.branches = std::move(branches);
  claims.id = Uuid::V7().str();
  claims.issued_at = SystemClock().Now();
  claims.expires_at = claims.issued_at + std::chrono::minutes(10);
  return TestGateway(directory_).Sign(claims);
}

std::shared_ptr<grpc::Channel> Service::Channel() {
  if (!channel_) {
    grpc::ChannelArguments arguments;
    // A restarted host listens elsewhere: no connection may be shared with the one before.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    channel_ = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(host_->server().port()),
                                         grpc::InsecureChannelCredentials(), arguments);
  }
  return channel_;
}

void Service::Publish(const std::string& service, TenantId tenant,
                      const std::string& aggregate_type, const Uuid& aggregate,
                      std::int64_t version, const google::protobuf::Message& event,
                      const Uuid& event_id) {
  static const auto producer = *events::Producer::Create(Brokers(), "test");
  std::promise<std::string> delivered;
  events::Record record;
  record.topic = prefix_ + service + ".v1";
  record.key = std::to_string(tenant) + ":" + aggregate.str();
  record.payload = event.SerializeAsString();
  record.headers = {{"ce_specversion", "1.0"},
                    {"ce_id", event_id.str()},
                    {"ce_source", "/" + service},
                    {"ce_type", std::string(event.GetDescriptor()->full_name())},
                    {"ce_time", FormatInstant(SystemClock().Now())},
                    {"ce_tenantid", std::to_string(tenant)},
                    {"ce_subject", aggregate.str()},
                    {"ce_sequence", std::to_string(version)},
                    {"ce_aggregate", aggregate_type},
                    {"traceparent", Trace::New().traceparent()},
                    {"content-type", "application/protobuf"}};
  producer->Send(record, [&](const std::string& error) { delivered.set_value(error); });
  if (const auto error = delivered.get_future().get(); !error.empty()) {
    throw std::runtime_error(error);
  }
}

std::vector<Published> Service::Await(const std::string& type, std::size_t count) {
  const auto source = *events::Source::Open(Brokers(), prefix_ + "watch-" + Uuid::V7().str(),
                                            {prefix_ + name_ + ".v1"});
  std::vector<Published> out;
  std::size_t found = 0;
  Eventually([&] {
    for (const auto& message : source->Gather(1000, std::chrono::milliseconds(200))) {
      Published event{
          message.type, {}, message.version, message.tenant.value_or(0), message.payload};
      if (const auto id = Uuid::Parse(message.subject)) event.aggregate = *id;
      found += event.type == type ? 1 : 0;
      out.push_back(std::move(event));
    }
    return found >= count;
  });
  return out;
}

}  // namespace karez::testing
