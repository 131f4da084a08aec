// Carries the outbox of one service to Kafka: one active relay a service (session advisory lock),
// rows in id order, deleted when every one of the batch is acknowledged. Never skips: after a
// failure it reads the table again. Duplicates are possible after a crash; the inbox drops them.
#pragma once

#include <memory>
#include <string>

#include "libs/base/error.h"

namespace karez::events {

struct RelayOptions {
  std::string service;  // topic karez.<service>.v1, source /<service>
  std::string db_url;   // role karez_relay_<service>
  std::string password_file;
  std::string brokers;
  std::string topic;  // empty: karez.<service>.v1 (tests name their own)
};

class Relay {
 public:
  static std::unique_ptr<Relay> Start(RelayOptions options);
  virtual ~Relay() = default;  // finishes the batch under way and stops
};

}  // namespace karez::events
