// Counts wrong passwords of one sign-in name. A value.
#pragma once

#include <optional>
#include <vector>

#include "libs/base/time.h"

namespace karez::identity {

class SignInGuard {
 public:
  static constexpr std::size_t kMostFailures = 5;
  static constexpr Duration kWindow = std::chrono::minutes(15);
  static constexpr Duration kLockTime = std::chrono::minutes(15);

  SignInGuard() = default;
  SignInGuard(std::vector<Instant> failures, std::optional<Instant> locked_until)
      : failures_(std::move(failures)), locked_until_(locked_until) {}

  bool IsLocked(Instant now) const { return locked_until_ && now < *locked_until_; }
  // The fifth failure within the window locks.
  void Failed(Instant now);
  void Succeeded();

  const std::vector<Instant>& failures() const { return failures_; }
  const std::optional<Instant>& locked_until() const { return locked_until_; }

 private:
  std::vector<Instant> failures_;  // oldest first, none older than the window at the last change
  std::optional<Instant> locked_until_;
};

}  // namespace karez::identity
