#include "services/gateway/limits/shared_limits.h"

#include "libs/obs/metrics.h"

namespace karez::gateway::limits {

SharedLimits::SharedLimits(std::shared_ptr<cache::Redis> redis, Buckets& buckets)
    : redis_(std::move(redis)), buckets_(buckets), thread_([this] { Run(); }) {}

SharedLimits::~SharedLimits() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void SharedLimits::Report(const std::string& key, const Rate& rate) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMax) {
      obs::Count("karez_rate_reports_dropped_total");
      return;
    }
    waiting_.push_back({key, rate});
  }
  wake_.notify_one();
}

void SharedLimits::Run() {
  std::deque<Taken> batch;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      batch.swap(waiting_);
    }
    bool reachable = true;
    for (const Taken& taken : batch) {
      const auto permit =
          redis_->Take("v1:rate:" + taken.key, taken.rate.per_second, taken.rate.burst);
      reachable = permit.has_value();
      if (!reachable) break;  // the rest of the batch would only wait for the same timeout
      if (!permit->allowed) {
        buckets_.Block(taken.key, taken.rate,
                       std::chrono::steady_clock::now() + permit->retry_after);
      }
    }
    obs::SetGauge("karez_rate_shared", reachable ? 1 : 0);
    batch.clear();
  }
}

}  // namespace karez::gateway::limits
