// This process's copy of the sessions that were ended. An entry is kept until every access token of
// the session has expired. Safe from any thread.
#pragma once

#include <atomic>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libs/base/time.h"

namespace karez::gateway::auth {

class RevokedSessions {
 public:
  // `keep` must be longer than access tokens live.
  explicit RevokedSessions(Duration keep = std::chrono::minutes(10)) : keep_(keep) {}

  void Add(const std::string& session, Instant now);
  bool Contains(const std::string& session) const;

  // False until identity has told what it knows: till then no token can be trusted.
  bool loaded() const { return loaded_; }
  void MarkLoaded() { loaded_ = true; }

 private:
  const Duration keep_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Instant> until_;
  std::atomic<bool> loaded_ = false;
};

}  // namespace karez::gateway::auth
