#include "services/gateway/upstream/breaker.h"

#include <gtest/gtest.h>

namespace karez::gateway::upstream {
namespace {

using namespace std::chrono_literals;
using Outcome = Breaker::Outcome;
using State = Breaker::State;

const Breaker::Time kStart{1h};

void Record(Breaker& breaker, Outcome outcome, int count, Breaker::Time now) {
  for (int i = 0; i < count; ++i) breaker.Record(outcome, false, now);
}

TEST(BreakerTest, StaysClosedBelowTwentyCalls) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 19, kStart);
  EXPECT_EQ(breaker.state(), State::kClosed);
  Record(breaker, Outcome::kFailure, 1, kStart);
  EXPECT_EQ(breaker.state(), State::kOpen);
}

TEST(BreakerTest, StaysClosedWhileMostCallsSucceed) {
  Breaker breaker;
  Record(breaker, Outcome::kSuccess, 100, kStart);
  Record(breaker, Outcome::kFailure, 99, kStart);
  EXPECT_EQ(breaker.state(), State::kClosed);
}

TEST(BreakerTest, ForgetsFailuresAfterTenSeconds) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 19, kStart);
  Record(breaker, Outcome::kFailure, 1, kStart + 11s);
  EXPECT_EQ(breaker.state(), State::kClosed);
}

TEST(BreakerTest, IgnoresClientsThatWentAway) {
  Breaker breaker;
  Record(breaker, Outcome::kAbandoned, 100, kStart);
  EXPECT_EQ(breaker.state(), State::kClosed);
}

TEST(BreakerTest, RefusesWhileOpenAndSaysForHowLong) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 20, kStart);
  const auto refused = breaker.Admit(kStart + 400ms);
  EXPECT_FALSE(refused.admitted);
  EXPECT_EQ(refused.retry_after, 600ms);
}

TEST(BreakerTest, LetsOneProbeThroughAndClosesOnSuccess) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 20, kStart);
  const auto probe = breaker.Admit(kStart + 1s);
  EXPECT_TRUE(probe.admitted);
  EXPECT_TRUE(probe.probe);
  EXPECT_EQ(breaker.state(), State::kHalfOpen);
  EXPECT_FALSE(breaker.Admit(kStart + 1s).admitted);
  breaker.Record(Outcome::kSuccess, true, kStart + 1s);
  EXPECT_EQ(breaker.state(), State::kClosed);
  EXPECT_TRUE(breaker.Admit(kStart + 1s).admitted);
}

TEST(BreakerTest, WaitsLongerAfterEachFailedProbe) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 20, kStart);
  ASSERT_TRUE(breaker.Admit(kStart + 1s).probe);
  breaker.Record(Outcome::kFailure, true, kStart + 1s);
  EXPECT_EQ(breaker.state(), State::kOpen);
  EXPECT_FALSE(breaker.Admit(kStart + 2s).admitted);
  EXPECT_TRUE(breaker.Admit(kStart + 3s).probe);
}

TEST(BreakerTest, ProbesAgainWhenTheProbeWasAbandoned) {
  Breaker breaker;
  Record(breaker, Outcome::kFailure, 20, kStart);
  ASSERT_TRUE(breaker.Admit(kStart + 1s).probe);
  breaker.Record(Outcome::kAbandoned, true, kStart + 1s);
  EXPECT_TRUE(breaker.Admit(kStart + 1s).probe);
}

}  // namespace
}  // namespace karez::gateway::upstream
