// The bounded worker pool behind the callback API, with a timer for streams. Safe from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace karez::rpc {

class Workers {
 public:
  using Task = std::function<void()>;

  Workers(int threads, int queue);
  ~Workers();  // runs what is queued, drops timers, joins

  // False when the queue is full.
  bool Submit(Task task);
  // Queues the task after a while, whatever the length of the queue.
  void After(std::chrono::milliseconds delay, Task task);
  int queued() const;

 private:
  void Work();
  void Time();

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable timer_changed_;
  std::deque<Task> queue_;
  std::multimap<std::chrono::steady_clock::time_point, Task> timers_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
  std::thread timer_;
};

}  // namespace karez::rpc
