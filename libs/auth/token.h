// Signed tokens (JWT, EdDSA over Ed25519 and nothing else: the algorithm is never taken from the
// token). Used for access tokens (identity → caller) and internal tokens (process → process).
// Signer and Verifier are safe from any thread.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "libs/base/time.h"

namespace karez::auth {

// What a token says. JSON names in brackets.
struct Claims {
  std::string issuer;    // [iss] the process that signed it, also its key id
  std::string audience;  // [aud] "karez" for access tokens, the service's name for internal ones
  std::string subject;   // [sub] staff id, or a service's name
  TenantId tenant = 0;   // [tid]
  std::string session;   // [sid]
  std::string name;      // [name]
  std::string kind;      // [kind] staff | service | resident
  std::set<std::string, std::less<>> permissions;  // [prm]
  bool all_branches = true;                        // [scp] "*" …
  std::vector<BranchId> branches;                  // … or an array of ids
  std::string id;                                  // [jti]
  Instant issued_at;                               // [iat] seconds
  Instant expires_at;                              // [exp] seconds
};

class Signer {
 public:
  // An Ed25519 private key in PEM. INVALID_ARGUMENT for anything else.
  static Result<std::shared_ptr<const Signer>> FromPem(std::string issuer, const std::string& pem);
  virtual ~Signer() = default;
  virtual const std::string& issuer() const = 0;
  // `claims.issuer` is replaced by this signer's.
  virtual std::string Sign(Claims claims) const = 0;
};

// Checks signature, form, audience and time of tokens whose issuers' public keys lie as
// <issuer>.pem in a directory. A key that appears later is found when a token of its issuer
// arrives.
class Verifier {
 public:
  // Clocks of processes may differ by `skew`.
  static std::shared_ptr<const Verifier> FromDirectory(std::string directory,
                                                       Duration skew = std::chrono::seconds(5));
  virtual ~Verifier() = default;
  // UNAUTHENTICATED with reason TOKEN_MALFORMED, TOKEN_ISSUER_UNKNOWN, TOKEN_SIGNATURE_INVALID,
  // TOKEN_AUDIENCE_WRONG or TOKEN_EXPIRED. `issuers`: who may sign, empty for any with a key.
  virtual Result<Claims> Verify(std::string_view token, std::string_view audience,
                                const std::set<std::string>& issuers, Instant now) const = 0;
};

// A public key as identity serves it (RFC 8037: kty OKP, crv Ed25519).
struct PublicKey {
  std::string id;
  std::string x;  // base64url of the 32 bytes
};
Result<std::vector<PublicKey>> PublicKeysIn(const std::string& directory);

// A Principal and back.
Principal ToPrincipal(const Claims& claims);

}  // namespace karez::auth
