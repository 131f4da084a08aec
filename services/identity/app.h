// Composition root: the one place that constructs identity's parts. Tests use it too.
#pragma once

#include <memory>
#include <vector>

#include "libs/host/host.h"
#include "services/identity/api/auth_service.h"
#include "services/identity/api/identity_service.h"
#include "services/identity/api/revocation_feed.h"
#include "services/identity/config.h"

namespace karez::identity {

// In order; the service is ready when all are applied.
const std::vector<pg::Migration>& Migrations();

class App final : public host::App {
 public:
  // Throws std::runtime_error when the signing key cannot be used.
  App(host::Host& host, const Config& config);

 private:
  PermissionCatalogue permissions_;
  std::shared_ptr<const auth::Signer> signer_;
  api::RevocationFeed feed_;
  api::AuthService auth_service_;
  api::IdentityService identity_service_;
};

// The command `bootstrap`: creates the platform's tenant and its administrator `admin` unless they
// are there. Returns the exit code.
int Bootstrap(host::Host& host, const Config& config);
// The command `republish`: publishes all tenants and branches as they are. Returns the exit code.
int Republish(host::Host& host);

}  // namespace karez::identity
