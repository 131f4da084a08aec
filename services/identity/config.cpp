#include "services/identity/config.h"

namespace karez::identity {

Config ReadConfig(config::Reader& reader) {
  Config out;
  out.signing_key_file = reader.SecretFile("KAREZ_SIGNING_KEY_FILE",
                                           "Ed25519 private key (PEM) that signs access tokens.");
  out.bootstrap_password_file = reader.SecretFile(
      "KAREZ_BOOTSTRAP_PASSWORD_FILE",
      "First password of the platform's administrator; only for the command `bootstrap`.", "");
  return out;
}

}  // namespace karez::identity
