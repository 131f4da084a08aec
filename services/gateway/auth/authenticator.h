// Who calls: checks access tokens and makes the internal tokens under which calls are passed on.
// Both are kept until they expire, because a signature costs more than the rest of a call. Safe
// from any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libs/auth/token.h"
#include "libs/base/error.h"
#include "libs/base/time.h"
#include "services/gateway/auth/revoked_sessions.h"

namespace karez::gateway::auth {

// One access token that was checked.
class Caller {
 public:
  explicit Caller(karez::auth::Claims claims) : claims_(std::move(claims)) {}
  const karez::auth::Claims& claims() const { return claims_; }
  // The caller's token for `service`, at least 30 s from its end (or as long as the access token).
  std::string TokenFor(const std::string& service, const karez::auth::Signer& signer,
                       Instant now) const;

 private:
  struct Made {
    std::string token;
    Instant at;
  };
  const karez::auth::Claims claims_;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, Made> tokens_;
};

class Authenticator {
 public:
  // `revoked` and `clock` must outlive this object.
  Authenticator(std::shared_ptr<const karez::auth::Verifier> verifier,
                std::shared_ptr<const karez::auth::Signer> signer, const RevokedSessions& revoked,
                const Clock& clock);

  // `authorization` is the header's value. UNAUTHENTICATED "TOKEN_MISSING", "SESSION_ENDED" or what
  // the verifier says; UNAVAILABLE "SESSIONS_UNKNOWN" before the list of ended sessions is there.
  Result<std::shared_ptr<const Caller>> Authenticate(std::string_view authorization);

  // The same question later, for a stream that is still open.
  Result<void> StillValid(const Caller& caller) const;

  std::string TokenFor(const Caller& caller, const std::string& service) const {
    return caller.TokenFor(service, *signer_, clock_.Now());
  }
  // Under which the gateway itself calls `service`.
  std::string OwnToken(const std::string& service) const;

 private:
  static constexpr std::size_t kCallersMax = 8'192;
  Result<std::shared_ptr<const Caller>> Verify(std::string_view token, Instant now);

  const std::shared_ptr<const karez::auth::Verifier> verifier_;
  const std::shared_ptr<const karez::auth::Signer> signer_;
  const RevokedSessions& revoked_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Caller>> callers_;  // by SHA-256 of token
};

}  // namespace karez::gateway::auth
