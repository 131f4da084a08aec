// Circuit breaker of one upstream: opens when half or more of at least 20 calls within 10 s failed,
// then lets one probe through at a time, after 1 s at first and up to 10 s when probes keep
// failing. Safe from any thread; the clock is handed in.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>

namespace karez::gateway::upstream {

class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class State { kClosed = 0, kHalfOpen = 1, kOpen = 2 };
  enum class Outcome {
    kSuccess,
    kFailure,    // the upstream could not be reached or did not answer in time
    kAbandoned,  // says nothing about the upstream: the client went away
  };
  struct Admission {
    bool admitted = true;
    bool probe = false;
    std::chrono::milliseconds retry_after{0};  // when it was not admitted
  };

  // Every admitted call must be recorded once, with the same `probe`.
  Admission Admit(Time now);
  void Record(Outcome outcome, bool probe, Time now);
  State state() const;

 private:
  static constexpr int kSlots = 10;
  static constexpr int kCallsMin = 20;
  static constexpr std::chrono::milliseconds kPauseMin{1000};
  static constexpr std::chrono::milliseconds kPauseMax{10000};
  struct Slot {
    std::int64_t second = -1;
    int calls = 0;
    int failures = 0;
  };
  void Open(Time now, std::chrono::milliseconds pause);
  bool TooManyFailures(std::int64_t second) const;

  mutable std::mutex mutex_;
  State state_ = State::kClosed;
  std::array<Slot, kSlots> slots_{};
  std::chrono::milliseconds pause_ = kPauseMin;
  Time probe_at_{};
  bool probing_ = false;
};

}  // namespace karez::gateway::upstream
