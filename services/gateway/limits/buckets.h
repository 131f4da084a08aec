// Rate limits of this process: the generic cell rate algorithm, one time stamp per key. Safe from
// any thread; the clock is handed in.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace karez::gateway::limits {

using SteadyTime = std::chrono::steady_clock::time_point;

// `per_second` > 0 in the long run, up to `burst` >= 1 at once.
struct Rate {
  double per_second = 1;
  int burst = 1;
};

struct Decision {
  bool allowed = true;
  int limit = 0;                             // the burst of the rate that decided
  int remaining = 0;                         // calls that would be allowed right now
  std::chrono::milliseconds retry_after{0};  // when refused
};

class Buckets {
 public:
  // Draws one call; a refused call draws nothing.
  Decision Take(const std::string& key, const Rate& rate, SteadyTime now);
  // Refuses the key until `until`: another gateway has used up what it may.
  void Block(const std::string& key, const Rate& rate, SteadyTime until);
  std::size_t size() const;

 private:
  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kShardKeysMax = 8192;
  struct Shard {
    mutable std::mutex mutex;
    // When a bucket will be full again; keys of the past are as good as absent.
    std::unordered_map<std::string, SteadyTime> full_at;
  };
  Shard& ShardOf(const std::string& key) {
    return shards_[std::hash<std::string>()(key) % kShards];
  }
  std::array<Shard, kShards> shards_;
};

}  // namespace karez::gateway::limits
