#include "libs/cache/redis.h"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <random>
#include <string_view>
#include <vector>

#include <hiredis/hiredis.h>

namespace karez::cache {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5000};

// KEYS[1] holds the theoretical arrival time in microseconds. ARGV: microseconds a permit, and the
// span of a full burst. Answers {allowed, milliseconds to wait}.
constexpr const char* kTakeScript = R"lua(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + tonumber(ARGV[1])
local early = arrival - tonumber(ARGV[2]) - now
if early > 0 then return {0, math.ceil(early / 1000)} end
redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', math.ceil((arrival - now) / 1000) + 1)
return {1, 0})lua";

struct ContextDeleter {
  void operator()(redisContext* context) const { redisFree(context); }
};
struct ReplyDeleter {
  void operator()(void* reply) const { freeReplyObject(reply); }
};
using ContextPtr = std::unique_ptr<redisContext, ContextDeleter>;
using ReplyPtr = std::unique_ptr<redisReply, ReplyDeleter>;

struct Place {
  std::string host;
  int port = 0;
  int database = 0;
};

template <class T>
bool ParseWhole(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && value >= 0;
}

Result<Place> ParseUrl(std::string_view url) {
  const auto refuse = [] {
    return Fail(Code::kInvalidArgument, "REDIS_URL_INVALID",
                "Must be redis://host:port/database, such as redis://127.0.0.1:6379/0.");
  };
  constexpr std::string_view kScheme = "redis://";
  if (!url.starts_with(kScheme)) return refuse();
  url.remove_prefix(kScheme.size());
  const auto slash = url.find('/');
  const auto colon = url.substr(0, slash).rfind(':');
  if (slash == std::string_view::npos || colon == std::string_view::npos || colon == 0) {
    return refuse();
  }
  Place place{std::string(url.substr(0, colon)), 0, 0};
  if (!ParseWhole(url.substr(colon + 1, slash - colon - 1), place.port) || place.port > 65535 ||
      !ParseWhole(url.substr(slash + 1), place.database)) {
    return refuse();
  }
  return place;
}

tl::unexpected<Error> RefuseUnavailable() {
  return Fail(Code::kUnavailable, "REDIS_UNAVAILABLE", "Redis cannot be asked at the moment.");
}

// Leaves a failing server alone for a while that doubles; then one call at a time finds out.
class Breaker {
 public:
  bool MayAsk(milliseconds probe_time) {
    const std::lock_guard lock(mutex_);
    if (pause_ == milliseconds(0)) return true;
    const auto now = steady_clock::now();
    if (now < closed_until_) return false;
    closed_until_ = now + probe_time;  // holds the others back while this one finds out
    return true;
  }

  void Succeeded() {
    const std::lock_guard lock(mutex_);
    pause_ = milliseconds(0);
  }

  void Failed() {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    pause_ = pause_ == milliseconds(0) ? kFirstPause : std::min(pause_ * 2, kLongestPause);
    const double jitter = std::uniform_real_distribution<double>(0.8, 1.2)(random_);
    closed_until_ = now + std::chrono::duration_cast<milliseconds>(pause_ * jitter);
  }

 private:
  std::mutex mutex_;
  std::minstd_rand random_{std::random_device{}()};
  milliseconds pause_{0};
  steady_clock::time_point closed_until_;
};

class PooledRedis final : public Redis {
 public:
  PooledRedis(RedisOptions options, Place place)
      : options_(std::move(options)), place_(std::move(place)) {}

  Result<Permit> Take(const std::string& key, double rate, int burst) override {
    char interval[32];
    char span[32];
    std::snprintf(interval, sizeof interval, "%.3f", 1e6 / rate);
    std::snprintf(span, sizeof span, "%.3f", 1e6 / rate * burst);
    ASSIGN_OR_RETURN(const ReplyPtr reply, Ask([&](redisContext* redis) {
                       return RunTakeScript(redis, key, interval, span);
                     }));
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) return RefuseUnavailable();
    return Permit{reply->element[0]->integer == 1, milliseconds(reply->element[1]->integer)};
  }

  bool Healthy() override {
    const auto reply = Ask([](redisContext* redis) { return Command(redis, {"PING"}); });
    return reply && (*reply)->type == REDIS_REPLY_STATUS;
  }

 private:
  static ReplyPtr Command(redisContext* redis, const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
      texts.push_back(word.data());
      sizes.push_back(word.size());
    }
    return ReplyPtr(static_cast<redisReply*>(
        redisCommandArgv(redis, static_cast<int>(words.size()), texts.data(), sizes.data())));
  }

  ReplyPtr RunTakeScript(redisContext* redis, const std::string& key, const char* interval,
                         const char* span) {
    std::string digest;
    {
      const std::lock_guard lock(mutex_);
      digest = script_digest_;
    }
    if (!digest.empty()) {
      ReplyPtr reply = Command(redis, {"EVALSHA", digest, "1", key, interval, span});
      const bool forgotten = reply != nullptr && reply->type == REDIS_REPLY_ERROR &&
                             std::string_view(reply->str, reply->len).starts_with("NOSCRIPT");
      if (!forgotten) return reply;
    }
    // A server that was restarted has forgotten the script: EVAL teaches it again.
    const ReplyPtr loaded = Command(redis, {"SCRIPT", "LOAD", kTakeScript});
    if (loaded != nullptr && loaded->type == REDIS_REPLY_STRING) {
      const std::lock_guard lock(mutex_);
      script_digest_.assign(loaded->str, loaded->len);
    }
    return Command(redis, {"EVAL", kTakeScript, "1", key, interval, span});
  }

  // Runs `work` on a connection. One that the server has closed meanwhile is replaced once.
  template <class Work>
  Result<ReplyPtr> Ask(Work work) {
    if (!breaker_.MayAsk(options_.timeout * 2)) return RefuseUnavailable();
    bool pooled = false;
    ContextPtr redis;
    if (!Borrow(redis)) return RefuseUnavailable();
    pooled = redis != nullptr;
    if (!pooled) redis = Connect();
    ReplyPtr reply = redis != nullptr ? work(redis.get()) : nullptr;
    if (reply == nullptr && pooled && redis->err == REDIS_ERR_EOF) {
      redis = Connect();
      reply = redis != nullptr ? work(redis.get()) : nullptr;
    }
    if (reply == nullptr) redis.reset();
    Return(std::move(redis));
    if (reply == nullptr || reply->type == REDIS_REPLY_ERROR) {
      breaker_.Failed();
      return RefuseUnavailable();
    }
    breaker_.Succeeded();
    return reply;
  }

  // False when all connections stayed busy for the timeout. True with null: make a new one.
  bool Borrow(ContextPtr& out) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait_for(lock, options_.timeout, [&] { return busy_ < options_.connections; })) {
      return false;
    }
    ++busy_;
    if (!idle_.empty()) {
      out = std::move(idle_.back());
      idle_.pop_back();
    }
    return true;
  }

  void Return(ContextPtr redis) {
    const std::lock_guard lock(mutex_);
    --busy_;
    if (redis != nullptr) {
      idle_.push_back(std::move(redis));
    } else {
      idle_.clear();  // the others have most likely gone the same way
    }
    freed_.notify_one();
  }

  ContextPtr Connect() const {
    const auto micros = std::chrono::microseconds(options_.timeout).count();
    const timeval limit{micros / 1'000'000, micros % 1'000'000};
    ContextPtr redis(redisConnectWithTimeout(place_.host.c_str(), place_.port, limit));
    if (redis == nullptr || redis->err != 0 || redisSetTimeout(redis.get(), limit) != REDIS_OK) {
      return nullptr;
    }
    if (place_.database != 0) {
      const ReplyPtr reply = Command(redis.get(), {"SELECT", std::to_string(place_.database)});
      if (reply == nullptr || reply->type == REDIS_REPLY_ERROR) return nullptr;
    }
    return redis;
  }

  const RedisOptions options_;
  const Place place_;
  Breaker breaker_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<ContextPtr> idle_;
  int busy_ = 0;
  std::string script_digest_;
};

}  // namespace

Result<std::shared_ptr<Redis>> Redis::Create(RedisOptions options) {
  ASSIGN_OR_RETURN(Place place, ParseUrl(options.url));
  return std::make_shared<PooledRedis>(std::move(options), std::move(place));
}

}  // namespace karez::cache
