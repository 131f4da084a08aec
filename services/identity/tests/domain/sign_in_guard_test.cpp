#include "services/identity/domain/sign_in_guard.h"

#include <gtest/gtest.h>

namespace karez::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const Instant kNow = ParseInstant("2026-05-01T00:00:00Z").value();

TEST(SignInGuardTest, TheFifthFailureWithinTheWindowLocks) {
  SignInGuard guard;
  for (int i = 0; i < 4; ++i) guard.Failed(kNow + minutes(i));
  EXPECT_FALSE(guard.IsLocked(kNow + minutes(4)));
  guard.Failed(kNow + minutes(4));
  EXPECT_TRUE(guard.IsLocked(kNow + minutes(4)));
}

TEST(SignInGuardTest, TheLockOpensAfterFifteenMinutes) {
  SignInGuard guard;
  for (int i = 0; i < 5; ++i) guard.Failed(kNow);
  EXPECT_TRUE(guard.IsLocked(kNow + minutes(15) - Duration(1)));
  EXPECT_FALSE(guard.IsLocked(kNow + minutes(15)));
  guard.Failed(kNow + minutes(15));
  EXPECT_FALSE(guard.IsLocked(kNow + minutes(15)));
}

TEST(SignInGuardTest, FailuresOlderThanTheWindowDoNotCount) {
  SignInGuard guard;
  for (int i = 0; i < 4; ++i) guard.Failed(kNow);
  guard.Failed(kNow + minutes(15));
  EXPECT_FALSE(guard.IsLocked(kNow + minutes(15)));
  EXPECT_EQ(guard.failures().size(), 1U);
}

TEST(SignInGuardTest, TheWindowSlides) {
  SignInGuard guard;
  guard.Failed(kNow);
  for (int i = 0; i < 3; ++i) guard.Failed(kNow + minutes(14));
  guard.Failed(kNow + minutes(16));  // the first is out of the window
  EXPECT_FALSE(guard.IsLocked(kNow + minutes(16)));
  guard.Failed(kNow + minutes(17));
  EXPECT_TRUE(guard.IsLocked(kNow + minutes(17)));
}

TEST(SignInGuardTest, SuccessForgetsFailures) {
  SignInGuard guard;
  for (int i = 0; i < 4; ++i) guard.Failed(kNow);
  guard.Succeeded();
  for (int i = 0; i < 4; ++i) guard.Failed(kNow);
  EXPECT_FALSE(guard.IsLocked(kNow));
}

}  // namespace
}  // namespace karez::identity
