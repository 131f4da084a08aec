#include "services/gateway/app.h"

#include <set>

#include <google/protobuf/descriptor.pb.h>

#include "libs/cache/redis.h"
#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/gateway/openapi/document.h"

namespace karez::gateway {
namespace {

// The one service that the gateway knows by name: it signs the tokens.
constexpr const char* kIdentity = "identity";

template <class Upstreams>
void RefreshMetrics(const Upstreams& upstreams) {
  for (const auto& [name, upstream] : upstreams) {
    obs::SetGauge("karez_circuit_state", static_cast<double>(upstream->breaker().state()),
                  {{"upstream", name}});
    obs::SetGauge("karez_upstream_calls", upstream->calls(), {{"upstream", name}});
    obs::SetGauge("karez_upstream_streams", upstream->streams(), {{"upstream", name}});
  }
}

}  // namespace

Result<std::unique_ptr<App>> App::Start(const Config& config, const Clock& clock) {
  std::unique_ptr<App> app(new App(config, clock));
  RETURN_IF_ERROR(app->LoadApi());
  RETURN_IF_ERROR(app->ConnectUpstreams());
  RETURN_IF_ERROR(app->LoadKeys());
  RETURN_IF_ERROR(app->Serve());
  return app;
}

App::~App() { Stop(); }

Result<void> App::LoadApi() {
  ASSIGN_OR_RETURN(const std::string bytes, config::ReadFile(config_.descriptors_file));
  google::protobuf::FileDescriptorSet descriptors;
  if (!descriptors.ParseFromString(bytes)) {
    return Fail(Code::kInvalidArgument, "BAD_DESCRIPTORS",
                config_.descriptors_file + " is no descriptor set.");
  }
  ASSIGN_OR_RETURN(auto schema, transcode::Schema::Load(descriptors));
  ASSIGN_OR_RETURN(routes_, transcode::Routes::Build(std::move(schema)));
  return {};
}

Result<void> App::ConnectUpstreams() {
  std::set<std::string> needed = {kIdentity};
  for (const auto& route : routes_->all()) needed.insert(route.service);
  for (const std::string& name : needed) {
    const auto address = config_.upstreams.find(name);
    if (address == config_.upstreams.end()) {
      return Fail(Code::kInvalidArgument, "UPSTREAM_MISSING",
                  "KAREZ_UPSTREAMS does not say where " + name + " is.");
    }
    (*upstreams_)[name] = std::make_unique<upstream::Upstream>(
        upstream::Upstream::Options{.name = name, .address = address->second});
  }
  return {};
}

Result<void> App::LoadKeys() {
  ASSIGN_OR_RETURN(const std::string pem, config::ReadFile(config_.signing_key_file));
  ASSIGN_OR_RETURN(auto signer, karez::auth::Signer::FromPem("gateway", pem));
  authenticator_ = std::make_unique<auth::Authenticator>(
      karez::auth::Verifier::FromDirectory(config_.trusted_keys_dir), std::move(signer), revoked_,
      clock_);
  return {};
}

Result<void> App::Serve() {
  std::shared_ptr<cache::Redis> redis;
  if (!config_.redis_url.empty()) {
    ASSIGN_OR_RETURN(redis, cache::Redis::Create({.url = config_.redis_url}));
  }
  limiter_ = std::make_unique<limits::Limiter>(config_.limits, std::move(redis));
  std::unique_ptr<const web::WebRoot> web;
  if (!config_.web_root.empty()) {
    ASSIGN_OR_RETURN(web, web::WebRoot::Load(config_.web_root));
  }
  core_ = std::make_unique<http::Core>(http::Core{
      .routes = *routes_,
      .authenticator = *authenticator_,
      .limiter = *limiter_,
      .upstreams = *upstreams_,
      .clock = clock_,
      .after = [this](std::chrono::milliseconds delay,
                      std::function<void()> task) { server_->After(delay, std::move(task)); },
      .call_timeout = config_.call_timeout,
      .heavy_timeout = config_.heavy_timeout});
  handler_ = std::make_unique<http::ApiHandler>(
      *core_,
      http::HandlerOptions{.body_bytes_max = config_.body_bytes_max,
                           .heavy_body_bytes_max = config_.heavy_body_bytes_max,
                           .proxies = config_.proxies},
      openapi::MakeDocument(*routes_), std::move(web));
  revocations_ = std::make_unique<auth::RevocationWatch>(
      upstreams_->at(kIdentity)->stream_channel(),
      [this] { return authenticator_->OwnToken(kIdentity); }, revoked_, clock_);
  ASSIGN_OR_RETURN(server_, http::Server::Create(config_.http, *handler_));
  obs::OnScrape([weak = std::weak_ptr(upstreams_)] {
    if (const auto upstreams = weak.lock()) RefreshMetrics(*upstreams);
  });
  ASSIGN_OR_RETURN(listener_, obs::OperatorListener::Start(config_.metrics_listen,
                                                           [this] { return NotReady(); }));
  server_->Run();
  return {};
}

std::string App::NotReady() const {
  return revoked_.loaded() ? "" : "the list of ended sessions has not arrived from identity yet";
}

void App::Stop() {
  if (server_) server_->Stop(config_.drain_timeout);
  listener_.reset();
  revocations_.reset();
  for (const auto& [name, upstream] : *upstreams_) upstream->Stop();
}

}  // namespace karez::gateway
