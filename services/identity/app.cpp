#include "services/identity/app.h"

#include <cstdio>
#include <stdexcept>

#include "services/identity/api/permissions.h"
#include "services/identity/consumers/audit_recorder.h"
#include "services/identity/jobs/purge_sessions.h"
#include "services/identity/usecases/create_tenant.h"
#include "services/identity/usecases/republish.h"

namespace karez::identity {
namespace {

std::shared_ptr<const auth::Signer> ReadSigner(const std::string& path) {
  const auto signer = config::ReadFile(path).and_then(
      [](const std::string& pem) { return auth::Signer::FromPem("identity", pem); });
  if (!signer) throw std::runtime_error("KAREZ_SIGNING_KEY_FILE: " + signer.error().message);
  return *signer;
}

}  // namespace

App::App(host::Host& host, const Config& config)
    : permissions_(api::AllPermissions()),
      signer_(ReadSigner(config.signing_key_file)),
      feed_(host.pool(), host.server(), host.clock()),
      auth_service_(host.server(), {host.pool(), host.tenants(), *signer_, permissions_}, feed_,
                    host.config().trusted_keys_dir),
      identity_service_(host.server(), permissions_) {
  host.server().Register(&auth_service_, v1::AuthService::service_full_name());
  host.server().Register(&identity_service_, v1::IdentityService::service_full_name());
  // Every service publishes its audit records on its own topic.
  consumers::RecordAudit(host.consumer(), {host.Topic("identity"), host.Topic("accounts"),
                                           host.Topic("metering"), host.Topic("billing")});
  jobs::PurgeSessions(host.runner());
  feed_.Start();
}

int Bootstrap(host::Host& host, const Config& config) {
  const auto password = config::ReadFile(config.bootstrap_password_file);
  if (!password) {
    std::fprintf(stderr, "KAREZ_BOOTSTRAP_PASSWORD_FILE: %s\n", password.error().message.c_str());
    return 1;
  }
  const auto created = usecases::BootstrapPlatform(host.pool(), host.clock(), *password);
  if (!created) {
    std::fprintf(stderr, "%s\n", created.error().message.c_str());
    for (const auto& [field, description] : created.error().violations) {
      std::fprintf(stderr, "  %s: %s\n", field.c_str(), description.c_str());
    }
    return 1;
  }
  std::printf("%s\n", *created ? "created tenant platform with its administrator admin"
                               : "tenant platform is there already; nothing changed");
  return 0;
}

int Republish(host::Host& host) {
  std::printf("published %d facts\n", usecases::Republish(host.pool()));
  return 0;
}

}  // namespace karez::identity
