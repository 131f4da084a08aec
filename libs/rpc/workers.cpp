#include "libs/rpc/workers.h"

namespace karez::rpc {

Workers::Workers(int threads, int queue) : limit_(static_cast<std::size_t>(queue)) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  timer_ = std::thread([this] { Time(); });
}

Workers::~Workers() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  timer_changed_.notify_all();
  for (auto& thread : threads_) thread.join();
  timer_.join();
}

bool Workers::Submit(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= limit_) return false;
    queue_.push_back(std::move(task));
  }
  changed_.notify_one();
  return true;
}

void Workers::After(std::chrono::milliseconds delay, Task task) {
  {
    const std::lock_guard lock(mutex_);
    timers_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
  }
  timer_changed_.notify_one();
}

int Workers::queued() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(queue_.size());
}

void Workers::Work() {
  while (true) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || !queue_.empty(); });
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

void Workers::Time() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    if (timers_.empty()) {
      timer_changed_.wait(lock);
      continue;
    }
    const auto due = timers_.begin()->first;
    if (std::chrono::steady_clock::now() < due) {
      timer_changed_.wait_until(lock, due);
      continue;
    }
    queue_.push_back(std::move(timers_.begin()->second));
    timers_.erase(timers_.begin());
    changed_.notify_one();
  }
}

}  // namespace karez::rpc
