// The limits that all gateways keep together in Redis. Calls are reported from a thread of its own,
// so that no request waits; what Redis refuses is blocked locally. Without Redis each gateway keeps
// its own limits. Safe from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "libs/cache/redis.h"
#include "services/gateway/limits/buckets.h"

namespace karez::gateway::limits {

class SharedLimits {
 public:
  // `buckets` must outlive this object.
  SharedLimits(std::shared_ptr<cache::Redis> redis, Buckets& buckets);
  ~SharedLimits();

  // Never blocks; drops the report when too many wait.
  void Report(const std::string& key, const Rate& rate);

 private:
  static constexpr std::size_t kWaitingMax = 4096;
  struct Taken {
    std::string key;
    Rate rate;
  };
  void Run();

  const std::shared_ptr<cache::Redis> redis_;
  Buckets& buckets_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Taken> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace karez::gateway::limits
