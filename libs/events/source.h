// The Kafka side of a consumer: subscribes, gathers batches, stores offsets. Inside libs/events
// only. For one thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/error.h"
#include "libs/events/message.h"

namespace karez::events {

class Source {
 public:
  static Result<std::unique_ptr<Source>> Open(const std::string& brokers, const std::string& group,
                                              const std::vector<std::string>& topics);
  virtual ~Source() = default;  // commits stored offsets and leaves the group
  // Up to `max` messages: waits up to `wait` for the first, then a moment for more.
  virtual std::vector<Message> Gather(std::size_t max, std::chrono::milliseconds wait) = 0;
  // These messages are done with: their offsets may be committed.
  virtual void Done(const std::vector<Message>& messages) = 0;
  // Keeps membership alive while the work cannot go on: fetches nothing, answers the group.
  virtual void Idle(std::chrono::milliseconds time) = 0;
  // Messages not yet fetched, over the assigned partitions.
  virtual std::int64_t Lag() = 0;
};

}  // namespace karez::events
