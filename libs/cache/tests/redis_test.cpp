#include "libs/cache/redis.h"

#include <arpa/inet.h>
#include <atomic>
#include <cstdlib>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include "libs/base/uuid.h"

namespace karez::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class RedisTest : public testing::Test {
 protected:
  void SetUp() override {
    const char* url = std::getenv("KAREZ_TEST_REDIS");
    if (url == nullptr) GTEST_SKIP() << "KAREZ_TEST_REDIS is not set: no test run.";
    url_ = url;
    redis_ = Redis::Create({.url = url_, .timeout = milliseconds(1000)}).value();
  }

  std::string url_;
  std::shared_ptr<Redis> redis_;
  const std::string key_ = "test:{1}:" + Uuid::V7().str();
};

TEST_F(RedisTest, AllowsABurstAndThenRefusesWithATime) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(redis_->Take(key_, 0.1, 5).value().allowed) << i;
  const Permit refused = redis_->Take(key_, 0.1, 5).value();
  EXPECT_FALSE(refused.allowed);
  EXPECT_GT(refused.retry_after, milliseconds(9000));
  EXPECT_LE(refused.retry_after, milliseconds(10'000));
}

TEST_F(RedisTest, ARefusalTakesNothing) {
  EXPECT_TRUE(redis_->Take(key_, 0.01, 1).value().allowed);
  const Permit first = redis_->Take(key_, 0.01, 1).value();
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(redis_->Take(key_, 0.01, 1).value().allowed);
  EXPECT_LE(redis_->Take(key_, 0.01, 1).value().retry_after, first.retry_after);
}

TEST_F(RedisTest, PermitsComeBackAtTheRate) {
  EXPECT_TRUE(redis_->Take(key_, 50, 1).value().allowed);
  const auto until = steady_clock::now() + milliseconds(5000);
  Permit permit = redis_->Take(key_, 50, 1).value();
  while (!permit.allowed && steady_clock::now() < until) {
    EXPECT_LE(permit.retry_after, milliseconds(20));
    permit = redis_->Take(key_, 50, 1).value();
  }
  EXPECT_TRUE(permit.allowed);
}

TEST_F(RedisTest, KeysAreApart) {
  EXPECT_TRUE(redis_->Take(key_ + "a", 0.01, 1).value().allowed);
  EXPECT_TRUE(redis_->Take(key_ + "b", 0.01, 1).value().allowed);
}

TEST_F(RedisTest, ThreadsTogetherGetTheBurstExactly) {
  std::atomic<int> allowed = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) {
        const auto permit = redis_->Take(key_, 0.001, 50);
        if (permit && permit->allowed) ++allowed;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(allowed, 50);
}

TEST_F(RedisTest, AForgottenScriptIsTaughtAgain) {
  EXPECT_TRUE(redis_->Take(key_, 10, 10).value().allowed);
  const auto colon = url_.rfind(':');
  redisContext* other =
      redisConnect(url_.substr(8, colon - 8).c_str(), std::atoi(url_.c_str() + colon + 1));
  ASSERT_EQ(other->err, 0);
  freeReplyObject(redisCommand(other, "SCRIPT FLUSH"));
  EXPECT_TRUE(redis_->Take(key_, 10, 10).value().allowed);
  // Connections that the server closes are replaced without a failure.
  freeReplyObject(redisCommand(other, "CLIENT KILL TYPE normal SKIPME yes"));
  redisFree(other);
  EXPECT_TRUE(redis_->Take(key_, 10, 10).value().allowed);
  EXPECT_TRUE(redis_->Healthy());
}

TEST(RedisUrlTest, RefusesOtherForms) {
  for (const char* url :
       {"", "127.0.0.1:6379", "redis://", "redis://host/0", "redis://host:x/0", "redis://host:6379",
        "redis://host:6379/", "redis://host:99999/0", "redis://host:6379/-1", "redis://:6379/0"}) {
    const auto redis = Redis::Create({.url = url});
    ASSERT_FALSE(redis) << url;
    EXPECT_EQ(redis.error().reason, "REDIS_URL_INVALID");
  }
}

// A port that takes connections and never answers.
class SilentPort {
 public:
  SilentPort() : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&address), length), 0);
    EXPECT_EQ(listen(fd_, 64), 0);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  ~SilentPort() { close(fd_); }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_) + "/0"; }

 private:
  int fd_;
  int port_ = 0;
};

TEST(RedisAwayTest, AnswersWithinItsTimeoutAndThenLeavesTheServerAlone) {
  const SilentPort silent;
  const auto redis = Redis::Create({.url = silent.url()}).value();
  const auto start = steady_clock::now();
  EXPECT_EQ(redis->Take("key", 1, 1).error().code, Code::kUnavailable);
  EXPECT_LT(steady_clock::now() - start, milliseconds(1000));
  // While it is left alone, a hundred calls cost less than one timeout.
  const auto left_alone = steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(redis->Take("key", 1, 1).error().reason, "REDIS_UNAVAILABLE");
  }
  EXPECT_LT(steady_clock::now() - left_alone, milliseconds(80));
}

TEST(RedisAwayTest, AClosedPortIsNoCrash) {
  const auto redis = Redis::Create({.url = "redis://127.0.0.1:1/0"}).value();
  EXPECT_FALSE(redis->Take("key", 1, 1));
  EXPECT_FALSE(redis->Healthy());
}

}  // namespace
}  // namespace karez::cache
