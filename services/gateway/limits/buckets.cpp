#include "services/gateway/limits/buckets.h"

#include <algorithm>

namespace karez::gateway::limits {
namespace {

using Step = std::chrono::steady_clock::duration;

Step StepOf(const Rate& rate) {
  return std::chrono::duration_cast<Step>(std::chrono::duration<double>(1 / rate.per_second));
}

}  // namespace

Decision Buckets::Take(const std::string& key, const Rate& rate, SteadyTime now) {
  const Step step = StepOf(rate);
  const Step room = step * rate.burst;
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  if (shard.full_at.size() >= kShardKeysMax) {
    std::erase_if(shard.full_at, [&](const auto& entry) { return entry.second <= now; });
    // Someone makes up keys: forgetting all of them costs less than growing without end.
    if (shard.full_at.size() >= kShardKeysMax) shard.full_at.clear();
  }
  SteadyTime& full_at = shard.full_at.try_emplace(key, now).first->second;
  const SteadyTime next = std::max(full_at, now) + step;
  Decision decision;
  decision.limit = rate.burst;
  if (next - now > room) {
    decision.allowed = false;
    decision.retry_after = std::chrono::ceil<std::chrono::milliseconds>(next - now - room);
    return decision;
  }
  full_at = next;
  decision.remaining = static_cast<int>((room - (next - now)) / step);
  return decision;
}

void Buckets::Block(const std::string& key, const Rate& rate, SteadyTime until) {
  const Step step = StepOf(rate);
  Shard& shard = ShardOf(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.full_at.find(key);
  if (found == shard.full_at.end()) return;  // it was forgotten meanwhile
  found->second = std::max(found->second, until + step * (rate.burst - 1));
}

std::size_t Buckets::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.full_at.size();
  }
  return size;
}

}  // namespace karez::gateway::limits
