// Idempotent Kafka producer, acks=all. One a process. Safe from any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/error.h"

namespace karez::events {

struct Record {
  std::string topic;
  std::string key;
  std::string payload;
  std::vector<std::pair<std::string, std::string>> headers;
};

class Producer {
 public:
  // Told once per record, from a thread of the producer: empty text, or why it was not taken. Must
  // not block.
  using Delivered = std::function<void(const std::string& error)>;

  static Result<std::shared_ptr<Producer>> Create(const std::string& brokers,
                                                  const std::string& client_id);
  virtual ~Producer() = default;
  // Queues the record. False when the queue is full: wait and try again (back-pressure).
  virtual bool Send(Record record, Delivered delivered) = 0;
  // Waits until every queued record has its report, at most `ms`. False when some have none.
  virtual bool Flush(int ms) = 0;
  // Drops what has no report yet; their reports say so.
  virtual void Purge() = 0;
  // The broker answers a metadata request.
  virtual bool Healthy() = 0;
  // After a fatal error the producer must be made anew.
  virtual bool fatal() const = 0;
};

}  // namespace karez::events
