#include "services/identity/domain/sign_in_guard.h"

namespace karez::identity {

void SignInGuard::Failed(Instant now) {
  std::erase_if(failures_, [&](Instant at) { return at + kWindow <= now; });
  failures_.push_back(now);
  if (failures_.size() < kMostFailures) return;
  locked_until_ = now + kLockTime;
  failures_.clear();
}

void SignInGuard::Succeeded() {
  failures_.clear();
  locked_until_.reset();
}

}  // namespace karez::identity
