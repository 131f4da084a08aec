// The way of frames into Kafka, with the report of each back on the edge's own thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "libs/events/producer.h"
#include "services/metering/domain/raw_frame.h"

namespace karez::metering::edge {

// All functions on the thread of `io`, except Healthy.
class FrameSink {
 public:
  // True: Kafka has the frame, for good. False: it has not, and will not.
  using Done = std::function<void(bool)>;

  FrameSink(boost::asio::io_context& io, std::string brokers, std::string topic);

  // UNAVAILABLE when no producer can be made.
  Result<void> Open();
  // False: the queue is full; `done` was not taken: try again later.
  bool Send(TenantId tenant, const domain::RawFrame& frame, const Done& done);
  // After a fatal error of the producer: makes a new one; frames under way are reported as failed.
  void Mend();
  // Waits for all reports, at most `ms`; they are told by the next run of `io`.
  void Flush(int ms) { producer()->Flush(ms); }
  bool Healthy() { return producer()->Healthy(); }

 private:
  // Reports wait here until the thread of `io` takes them; it is woken once for many.
  struct Reports {
    std::mutex mutex;
    std::vector<std::pair<Done, bool>> waiting;
  };
  std::shared_ptr<karez::events::Producer> producer() const;
  static void Tell(Reports& reports);

  boost::asio::io_context& io_;
  const std::string brokers_;
  const std::string topic_;
  std::shared_ptr<Reports> reports_ = std::make_shared<Reports>();
  mutable std::mutex mutex_;  // of producer_
  std::shared_ptr<karez::events::Producer> producer_;
};

}  // namespace karez::metering::edge
