// The gateway put together: main and the tests build the same.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "libs/auth/token.h"
#include "libs/base/error.h"
#include "libs/base/time.h"
#include "libs/obs/http.h"
#include "services/gateway/auth/authenticator.h"
#include "services/gateway/auth/revocation_watch.h"
#include "services/gateway/auth/revoked_sessions.h"
#include "services/gateway/config.h"
#include "services/gateway/http/api_handler.h"
#include "services/gateway/http/server.h"
#include "services/gateway/limits/limiter.h"
#include "services/gateway/transcode/routes.h"
#include "services/gateway/upstream/upstream.h"

namespace karez::gateway {

class App {
 public:
  // Serves when it returns. Refuses descriptors, keys and addresses that cannot be used. `clock`
  // must outlive the app.
  static Result<std::unique_ptr<App>> Start(const Config& config, const Clock& clock);
  ~App();

  int port() const { return server_->port(); }
  // Lets running requests end, for at most the drain timeout.
  void Stop();

 private:
  using Upstreams = std::map<std::string, std::unique_ptr<upstream::Upstream>, std::less<>>;

  App(const Config& config, const Clock& clock) : config_(config), clock_(clock) {}
  Result<void> LoadApi();
  Result<void> LoadKeys();
  Result<void> ConnectUpstreams();
  Result<void> Serve();
  std::string NotReady() const;

  const Config config_;
  const Clock& clock_;
  std::shared_ptr<const transcode::Routes> routes_;
  std::shared_ptr<Upstreams> upstreams_ = std::make_shared<Upstreams>();
  auth::RevokedSessions revoked_;
  std::unique_ptr<auth::Authenticator> authenticator_;
  std::unique_ptr<limits::Limiter> limiter_;
  std::unique_ptr<http::Core> core_;
  std::unique_ptr<http::ApiHandler> handler_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<auth::RevocationWatch> revocations_;
  std::unique_ptr<obs::OperatorListener> listener_;
};

}  // namespace karez::gateway
