#include "services/gateway/tests/world.h"

#include <fstream>
#include <stdexcept>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "libs/auth/tests/test_keys.h"
#include "libs/base/uuid.h"
#include "libs/testing/callback_queue.h"

namespace karez::gateway {
namespace {

namespace pb = probe::v1;

void WriteFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

std::unique_ptr<grpc::Server> Listen(grpc::Service& service, int& port) {
  grpc::ServerBuilder builder;
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort("127.0.0.1:" + std::to_string(port), grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&service);
  auto server = builder.BuildAndStart();
  if (!server || port == 0) throw std::runtime_error("cannot listen");
  return server;
}

grpc::Status Refused(grpc::StatusCode code) {
  google::rpc::Status status;
  status.set_code(code);
  status.set_message("The thing is not there: look elsewhere.");
  google::rpc::ErrorInfo info;
  info.set_reason("THING_NOT_FOUND");
  (*info.mutable_metadata())["thing"] = "7";
  status.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  auto* violation = bad.add_field_violations();
  violation->set_field("lines[0].volume_ml");
  violation->set_description("Must be more than 0.");
  status.add_details()->PackFrom(bad);
  return {code, status.message(), status.SerializeAsString()};
}

std::string Metadata(const grpc::ServerContext& context, const char* name) {
  const auto found = context.client_metadata().find(name);
  return found == context.client_metadata().end()
             ? std::string()
             : std::string(found->second.data(), found->second.size());
}

}  // namespace

void FakeIdentity::Revoke(const std::string& session) {
  const std::lock_guard lock(mutex_);
  revoked_.push_back(session);
  changed_.notify_all();
}

void FakeIdentity::Stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

grpc::Status FakeIdentity::WatchRevocations(grpc::ServerContext* context,
                                            const identity::v1::WatchRevocationsRequest*,
                                            grpc::ServerWriter<identity::v1::Revocations>* writer) {
  std::size_t sent = 0;
  bool first = true;
  while (true) {
    identity::v1::Revocations message;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(100),
                        [&] { return stopping_ || first || sent < revoked_.size(); });
      if (stopping_ || context->IsCancelled()) return grpc::Status::OK;
      for (; sent < revoked_.size(); ++sent) message.add_session_ids(revoked_[sent]);
    }
    if (first || message.session_ids_size() > 0) writer->Write(message);
    first = false;
  }
}

grpc::Status FakeProbe::GetThing(grpc::ServerContext*, const pb::GetThingRequest* request,
                                 pb::Thing* response) {
  ++calls_;
  if (fail_next_ > 0 && fail_next_-- > 0) return {grpc::StatusCode::UNAVAILABLE, "broken pipe"};
  if (request->thing_id() == "missing") return Refused(grpc::StatusCode::NOT_FOUND);
  response->set_id(request->thing_id());
  response->set_display_name(request->parent());
  return grpc::Status::OK;
}

grpc::Status FakeProbe::ListThings(grpc::ServerContext*, const pb::ListThingsRequest* request,
                                   pb::ListThingsResponse* response) {
  ++calls_;
  auto* thing = response->add_things();
  thing->set_display_name(request->ShortDebugString());
  return grpc::Status::OK;
}

grpc::Status FakeProbe::CreateThing(grpc::ServerContext*, const pb::CreateThingRequest* request,
                                    pb::Thing* response) {
  ++calls_;
  if (fail_next_ > 0 && fail_next_-- > 0) return {grpc::StatusCode::UNAVAILABLE, "broken pipe"};
  *response = request->thing();
  response->set_id(request->request_id());
  return grpc::Status::OK;
}

grpc::Status FakeProbe::Greet(grpc::ServerContext* context, const pb::GreetRequest* request,
                              pb::GreetResponse* response) {
  ++calls_;
  const std::string& wish = request->wish();
  if (wish.starts_with("fail:")) {
    return {static_cast<grpc::StatusCode>(std::stoi(wish.substr(5))), "secret host 10.0.0.1"};
  }
  while (wish == "hang" && !context->IsCancelled()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  response->set_text("Hello " + request->name());
  return grpc::Status::OK;
}

grpc::Status FakeProbe::WatchCount(grpc::ServerContext* context,
                                   const pb::WatchCountRequest* request,
                                   grpc::ServerWriter<pb::Count>* writer) {
  const auto claims = verifier_->Verify(Metadata(*context, "x-karez-token"), "probe", {"gateway"},
                                        SystemClock().Now());
  if (!claims) return {grpc::StatusCode::UNAUTHENTICATED, claims.error().reason};
  for (int number = 1; number <= request->last(); ++number) {
    if (number == request->fail_at()) return Refused(grpc::StatusCode::NOT_FOUND);
    pb::Count count;
    count.set_number(number);
    if (request->padding_bytes() > 0) {
      count.set_padding(std::string(static_cast<std::size_t>(request->padding_bytes()), 'x'));
    }
    if (context->IsCancelled() || !writer->Write(count)) {
      ++streams_cancelled_;
      return grpc::Status::CANCELLED;
    }
    ++counts_written_;
    std::this_thread::sleep_for(std::chrono::milliseconds(request->pause_ms()));
  }
  return grpc::Status::OK;
}

World::World(const std::function<void(Config&)>& adjust)
    : directory_(std::filesystem::temp_directory_path() / ("gateway-" + Uuid::V7().str())) {
  karez::testing::KeepCallbackQueue();
  std::filesystem::create_directories(directory_ / "keys");
  const auto identity = karez::auth::NewKeyPair();
  const auto gateway = karez::auth::NewKeyPair();
  WriteFile(directory_ / "keys" / "identity.pem", identity.public_pem);
  WriteFile(directory_ / "keys" / "gateway.pem", gateway.public_pem);
  WriteFile(directory_ / "gateway.key", gateway.private_pem);
  identity_key_ = karez::auth::Signer::FromPem("identity", identity.private_pem).value();
  probe_ = std::make_unique<FakeProbe>(
      karez::auth::Verifier::FromDirectory((directory_ / "keys").string()));
  int identity_port = 0;
  identity_server_ = Listen(identity_, identity_port);
  StartProbe();

  config::Reader reader({
      {"KAREZ_HTTP_LISTEN", "127.0.0.1:0"},
      {"KAREZ_METRICS_LISTEN", "127.0.0.1:0"},
      {"KAREZ_UPSTREAMS", "identity=127.0.0.1:" + std::to_string(identity_port) +
                              ",probe=127.0.0.1:" + std::to_string(probe_port_)},
      {"KAREZ_DESCRIPTORS_FILE", KAREZ_PROBE_DESCRIPTORS},
      {"KAREZ_SIGNING_KEY_FILE", (directory_ / "gateway.key").string()},
      {"KAREZ_TRUSTED_KEYS_DIR", (directory_ / "keys").string()},
      {"KAREZ_DRAIN_TIMEOUT_MS", "3000"},
  });
  Config config = ReadConfig(reader).value();
  adjust(config);
  auto app = App::Start(config, clock_);
  if (!app) throw std::runtime_error(app.error().message);
  app_ = *std::move(app);
}

World::~World() {
  app_.reset();
  identity_.Stop();
  StopProbe();
  identity_server_->Shutdown(std::chrono::system_clock::now());
  std::filesystem::remove_all(directory_);
}

void World::StartProbe() { probe_server_ = Listen(*probe_, probe_port_); }

void World::StopProbe() {
  if (probe_server_) probe_server_->Shutdown(std::chrono::system_clock::now());
  probe_server_.reset();
}

std::string World::Token(const std::function<void(karez::auth::Claims&)>& adjust) const {
  karez::auth::Claims claims;
  claims.audience = "karez";
  claims.subject = "staff-1";
  claims.tenant = 7;
  claims.session = "session-1";
  claims.kind = "staff";
  claims.permissions = {"probe.thing.get"};
  claims.id = Uuid::V7().str();
  claims.issued_at = clock_.Now();
  claims.expires_at = clock_.Now() + std::chrono::minutes(5);
  adjust(claims);
  return identity_key_->Sign(claims);
}

std::string World::Bearer(const std::string& session, const std::string& subject,
                          TenantId tenant) const {
  return "Bearer " + Token([&](karez::auth::Claims& claims) {
           claims.session = session;
           claims.subject = subject;
           claims.tenant = tenant;
         });
}

}  // namespace karez::gateway
