#include "services/gateway/limits/buckets.h"

#include <atomic>

#include <gtest/gtest.h>

#include "libs/testing/eventually.h"
#include "services/gateway/limits/limiter.h"

namespace karez::gateway::limits {
namespace {

using namespace std::chrono_literals;

const SteadyTime kStart{1h};

TEST(BucketsTest, AllowTheBurstThenTheRate) {
  Buckets buckets;
  const Rate rate{.per_second = 2, .burst = 3};
  EXPECT_EQ(buckets.Take("a", rate, kStart).remaining, 2);
  EXPECT_EQ(buckets.Take("a", rate, kStart).remaining, 1);
  EXPECT_EQ(buckets.Take("a", rate, kStart).remaining, 0);
  const Decision refused = buckets.Take("a", rate, kStart);
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.retry_after, 500ms);
  EXPECT_FALSE(buckets.Take("a", rate, kStart + 499ms).allowed);
  EXPECT_TRUE(buckets.Take("a", rate, kStart + 500ms).allowed);
  EXPECT_FALSE(buckets.Take("a", rate, kStart + 500ms).allowed);
}

TEST(BucketsTest, KeepKeysApart) {
  Buckets buckets;
  const Rate rate{.per_second = 1, .burst = 1};
  EXPECT_TRUE(buckets.Take("a", rate, kStart).allowed);
  EXPECT_TRUE(buckets.Take("b", rate, kStart).allowed);
  EXPECT_FALSE(buckets.Take("a", rate, kStart).allowed);
}

TEST(BucketsTest, FillUpAgainButNotBeyondTheBurst) {
  Buckets buckets;
  const Rate rate{.per_second = 1, .burst = 2};
  buckets.Take("a", rate, kStart);
  EXPECT_EQ(buckets.Take("a", rate, kStart + 1h).remaining, 1);
}

TEST(BucketsTest, RefuseUntilTheSharedLimitAllows) {
  Buckets buckets;
  const Rate rate{.per_second = 1, .burst = 5};
  buckets.Take("a", rate, kStart);
  buckets.Block("a", rate, kStart + 3s);
  EXPECT_FALSE(buckets.Take("a", rate, kStart + 2s).allowed);
  EXPECT_TRUE(buckets.Take("a", rate, kStart + 3s).allowed);
}

TEST(BucketsTest, DoNotGrowWithoutEnd) {
  Buckets buckets;
  const Rate rate{.per_second = 1, .burst = 1};
  for (int i = 0; i < 500'000; ++i) buckets.Take(std::to_string(i), rate, kStart);
  EXPECT_LE(buckets.size(), 16U * 8192U);
}

TEST(LimiterTest, DoesNotChargeTheTenantForWhatTheCallerIsRefused) {
  LimitSettings settings;
  settings.read = {.caller = {.per_second = 0.001, .burst = 1},
                   .tenant = {.per_second = 0.001, .burst = 2}};
  Limiter limiter(settings, nullptr);
  const auto take = [&](const char* subject) {
    return limiter.TakeForCaller(options::v1::RATE_READ, 7, subject, "", kStart).allowed;
  };
  EXPECT_TRUE(take("a"));
  EXPECT_FALSE(take("a"));
  EXPECT_FALSE(take("a"));
  EXPECT_TRUE(take("b"));
  EXPECT_FALSE(take("c"));
}

// Counts like Redis would, or is away.
class FakeRedis final : public cache::Redis {
 public:
  Result<cache::Permit> Take(const std::string&, double, int) override {
    ++asked;
    if (away) return Fail(Code::kUnavailable, "REDIS_DOWN", "away");
    return cache::Permit{.allowed = false, .retry_after = std::chrono::seconds(60)};
  }
  bool Healthy() override { return !away; }
  std::atomic<int> asked = 0;
  std::atomic<bool> away = false;
};

TEST(LimiterTest, TakesOverWhatOtherGatewaysHaveUsedUp) {
  LimitSettings settings;
  settings.read = {.caller = {.per_second = 100, .burst = 1000},
                   .tenant = {.per_second = 100, .burst = 1000}};
  const auto redis = std::make_shared<FakeRedis>();
  Limiter limiter(settings, redis);
  const auto take = [&] {
    return limiter.TakeForAddress(options::v1::RATE_READ, "a", std::chrono::steady_clock::now());
  };
  EXPECT_TRUE(take().allowed);
  EXPECT_TRUE(karez::testing::Eventually([&] { return !take().allowed; }));
  EXPECT_GT(take().retry_after, 50s);
}

TEST(LimiterTest, CountsAloneWhileRedisIsAway) {
  LimitSettings settings;
  settings.read = {.caller = {.per_second = 0.001, .burst = 2},
                   .tenant = {.per_second = 100, .burst = 1000}};
  const auto redis = std::make_shared<FakeRedis>();
  redis->away = true;
  Limiter limiter(settings, redis);
  const auto take = [&] {
    return limiter.TakeForAddress(options::v1::RATE_READ, "a", kStart).allowed;
  };
  EXPECT_TRUE(take());
  EXPECT_TRUE(karez::testing::Eventually([&] { return redis->asked > 0; }));
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
}

TEST(LimiterTest, CountsSignInsPerAddress) {
  LimitSettings settings;
  settings.auth = {.caller = {.per_second = 0.001, .burst = 1},
                   .tenant = {.per_second = 100, .burst = 100}};
  Limiter limiter(settings, nullptr);
  const auto take = [&](const char* address) {
    return limiter.TakeForAddress(options::v1::RATE_AUTH, address, kStart).allowed;
  };
  EXPECT_TRUE(take("192.0.2.1"));
  EXPECT_FALSE(take("192.0.2.1"));
  EXPECT_TRUE(take("192.0.2.2"));
}

}  // namespace
}  // namespace karez::gateway::limits
