// The database side of a consumer: inbox rows and parked events. Inside libs/events only.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "libs/events/message.h"
#include "libs/pg/tx.h"

namespace karez::events {

// Claims the events for this consumer; returns those that are new. The tenant of the transaction.
std::set<Uuid> Claim(pg::Tx& tx, const std::string& consumer, TenantId tenant,
                     std::span<const Message> messages, Instant now);

// Keys among those of the messages that have parked events.
std::set<std::string> ParkedKeys(pg::Tx& tx, const std::string& consumer,
                                 std::span<const Message> messages);

// Sets the event aside with its reason; parking the same offset again changes nothing.
void Park(pg::Tx& tx, const std::string& consumer, const Message& message,
          const std::string& reason, Instant now);

struct Parked {
  std::int64_t id = 0;
  Message message;
};
std::vector<Parked> ListParked(pg::Tx& tx, const std::string& consumer);
void Unpark(pg::Tx& tx, std::int64_t id);
void CountAttempt(pg::Tx& tx, std::int64_t id, const std::string& reason, Instant now);

}  // namespace karez::events
