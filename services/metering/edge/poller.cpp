#include "services/metering/edge/poller.h"

namespace karez::metering::edge {

void Poller::Begin(std::vector<PolledMeter> meters, Time now) {
  meters_ = std::move(meters);
  at_ = 0;
  tries_ = 0;
  waiting_ = false;
  running_ = true;
  next_round_ = now + options_.period;
}

std::optional<Question> Poller::Next(Time now) {
  if (!running_ || (waiting_ && now < deadline_)) return std::nullopt;
  if (waiting_ && tries_ >= options_.tries) {
    ++unanswered_;
    ++at_;
    tries_ = 0;
  }
  waiting_ = false;
  if (at_ == meters_.size()) {
    running_ = false;
    return std::nullopt;
  }
  ++tries_;
  waiting_ = true;
  deadline_ = now + options_.timeout;
  return Question{&meters_[at_], ++sequence_};
}

void Poller::Answered(const std::string& address) {
  if (!running_ || !waiting_ || meters_[at_].address != address) return;
  waiting_ = false;
  tries_ = 0;
  ++at_;
}

}  // namespace karez::metering::edge
