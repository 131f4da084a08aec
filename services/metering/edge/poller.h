// Asks the meters of one transparent terminal in turn: one question in flight on the line, timeout
// and retry, a round every period. Pure state; the caller has the clock and the line.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "libs/protocols/profile.h"

namespace karez::metering::edge {

struct PolledMeter {
  std::string address;
  const protocols::MeterProfile* profile = nullptr;  // outlives the poller
};

struct Question {
  const PolledMeter* meter;
  std::uint32_t sequence;  // repeated by the answer
};

class Poller {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Options {
    std::chrono::milliseconds period;   // from the beginning of a round to the next
    std::chrono::milliseconds timeout;  // for one answer
    int tries = 3;
  };

  explicit Poller(Options options) : options_(options) {}

  // A round is due: its meters are wanted, by Begin().
  bool Due(Time now) const { return !running_ && now >= next_round_; }
  void Begin(std::vector<PolledMeter> meters, Time now);
  // The meters could not be learned: tries again after the timeout.
  void Postpone(Time now) { next_round_ = now + options_.timeout; }
  // What is to be sent now: the first question, the one after an answer, or one again. Nothing
  // while an answer is awaited.
  std::optional<Question> Next(Time now);
  // A frame of this device came in.
  void Answered(const std::string& address);
  std::int64_t unanswered() const { return unanswered_; }  // meters that never answered

 private:
  Options options_;
  std::vector<PolledMeter> meters_;
  std::size_t at_ = 0;
  int tries_ = 0;         // of the meter at_
  bool waiting_ = false;  // for its answer, until deadline_
  bool running_ = false;
  Time deadline_{};
  Time next_round_{};
  std::uint32_t sequence_ = 0;
  std::int64_t unanswered_ = 0;
};

}  // namespace karez::metering::edge
