#include "services/gateway/auth/authenticator.h"

#include <algorithm>

#include "libs/auth/secrets.h"
#include "libs/base/uuid.h"

namespace karez::gateway::auth {
namespace {

constexpr std::size_t kTokenBytesMax = 16 * 1024;
constexpr std::chrono::seconds kInternalLife{60};
constexpr std::chrono::seconds kInternalReuse{30};
// Of clocks of different machines; the same as the verifier's.
constexpr std::chrono::seconds kSkew{5};

tl::unexpected<Error> Missing() {
  return Fail(Code::kUnauthenticated, "TOKEN_MISSING",
              "Send an access token: `Authorization: Bearer …`.");
}

// The token of "Bearer <token>"; empty when it is not that.
std::string_view BearerToken(std::string_view value) {
  static constexpr std::string_view kScheme = "bearer ";
  if (value.size() <= kScheme.size() || value.size() > kTokenBytesMax) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = value[i] >= 'A' && value[i] <= 'Z' ? static_cast<char>(value[i] + 32) : value[i];
    if (c != kScheme[i]) return {};
  }
  return value.substr(kScheme.size());
}

}  // namespace

std::string Caller::TokenFor(const std::string& service, const karez::auth::Signer& signer,
                             Instant now) const {
  const std::lock_guard lock(mutex_);
  Made& made = tokens_[service];
  if (made.token.empty() || now - made.at > kInternalReuse) {
    karez::auth::Claims claims = claims_;
    claims.audience = service;
    claims.issued_at = now;
    claims.expires_at = now + kInternalLife;
    claims.id = Uuid::V7().str();
    made = {signer.Sign(std::move(claims)), now};
  }
  return made.token;
}

Authenticator::Authenticator(std::shared_ptr<const karez::auth::Verifier> verifier,
                             std::shared_ptr<const karez::auth::Signer> signer,
                             const RevokedSessions& revoked, const Clock& clock)
    : verifier_(std::move(verifier)),
      signer_(std::move(signer)),
      revoked_(revoked),
      clock_(clock) {}

Result<std::shared_ptr<const Caller>> Authenticator::Authenticate(std::string_view authorization) {
  if (authorization.empty()) return Missing();
  const std::string_view token = BearerToken(authorization);
  if (token.empty()) return Missing();
  const Instant now = clock_.Now();
  ASSIGN_OR_RETURN(auto caller, Verify(token, now));
  RETURN_IF_ERROR(StillValid(*caller));
  return caller;
}

Result<std::shared_ptr<const Caller>> Authenticator::Verify(std::string_view token, Instant now) {
  const std::string key = karez::auth::Sha256(token);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = callers_.find(key); found != callers_.end()) return found->second;
  }
  ASSIGN_OR_RETURN(auto claims, verifier_->Verify(token, "karez", {"identity"}, now));
  auto caller = std::make_shared<const Caller>(std::move(claims));
  const std::lock_guard lock(mutex_);
  if (callers_.size() >= kCallersMax) {
    std::erase_if(callers_, [&](const auto& entry) {
      return entry.second->claims().expires_at + kSkew <= now;
    });
    if (callers_.size() >= kCallersMax) callers_.clear();
  }
  callers_.emplace(key, caller);
  return caller;
}

Result<void> Authenticator::StillValid(const Caller& caller) const {
  if (caller.claims().expires_at + kSkew <= clock_.Now()) {
    return Fail(Code::kUnauthenticated, "TOKEN_EXPIRED",
                "The access token has expired: refresh it.");
  }
  if (!revoked_.loaded()) {
    return Fail(Code::kUnavailable, "SESSIONS_UNKNOWN",
                "The gateway has just started and does not know the ended sessions yet.");
  }
  if (revoked_.Contains(caller.claims().session)) {
    return Fail(Code::kUnauthenticated, "SESSION_ENDED", "This session was ended: sign in again.");
  }
  return {};
}

std::string Authenticator::OwnToken(const std::string& service) const {
  karez::auth::Claims claims;
  claims.subject = "gateway";
  claims.name = "gateway";
  claims.kind = "service";
  claims.audience = service;
  claims.issued_at = clock_.Now();
  claims.expires_at = claims.issued_at + kInternalLife;
  claims.id = Uuid::V7().str();
  return signer_->Sign(std::move(claims));
}

}  // namespace karez::gateway::auth
