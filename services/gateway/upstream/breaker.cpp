#include "services/gateway/upstream/breaker.h"

#include <algorithm>

namespace karez::gateway::upstream {
namespace {

std::int64_t SecondOf(Breaker::Time time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

Breaker::Admission Breaker::Admit(Time now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::kClosed) return {};
  if (now >= probe_at_ && !probing_) {
    state_ = State::kHalfOpen;
    probing_ = true;
    return {true, true, {}};
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(probe_at_ - now);
  return {false, false, std::max(left, std::chrono::milliseconds(1))};
}

void Breaker::Record(Outcome outcome, bool probe, Time now) {
  const std::lock_guard lock(mutex_);
  if (probe) {
    probing_ = false;
    if (outcome == Outcome::kSuccess) {
      state_ = State::kClosed;
      slots_ = {};
      pause_ = kPauseMin;
    } else if (outcome == Outcome::kFailure) {
      Open(now, std::min(pause_ * 2, kPauseMax));
    }
    return;
  }
  // Calls that were already under way when it opened change nothing.
  if (state_ != State::kClosed || outcome == Outcome::kAbandoned) return;
  const std::int64_t second = SecondOf(now);
  Slot& slot = slots_[static_cast<std::size_t>(second % kSlots)];
  if (slot.second != second) slot = {second, 0, 0};
  ++slot.calls;
  if (outcome == Outcome::kSuccess) return;
  ++slot.failures;
  if (TooManyFailures(second)) Open(now, kPauseMin);
}

bool Breaker::TooManyFailures(std::int64_t second) const {
  int calls = 0;
  int failures = 0;
  for (const Slot& slot : slots_) {
    if (slot.second <= second - kSlots) continue;
    calls += slot.calls;
    failures += slot.failures;
  }
  return calls >= kCallsMin && failures * 2 >= calls;
}

void Breaker::Open(Time now, std::chrono::milliseconds pause) {
  state_ = State::kOpen;
  pause_ = pause;
  probe_at_ = now + pause;
}

Breaker::State Breaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace karez::gateway::upstream
