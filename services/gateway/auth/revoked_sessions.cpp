#include "services/gateway/auth/revoked_sessions.h"

#include <mutex>

namespace karez::gateway::auth {

void RevokedSessions::Add(const std::string& session, Instant now) {
  const std::unique_lock lock(mutex_);
  std::erase_if(until_, [&](const auto& entry) { return entry.second <= now; });
  until_[session] = now + keep_;
}

bool RevokedSessions::Contains(const std::string& session) const {
  const std::shared_lock lock(mutex_);
  return until_.contains(session);
}

}  // namespace karez::gateway::auth
