// Applies events of other services. A batch is grouped by tenant, one transaction each: inbox rows,
// effects, own outbox rows; then the offset. An event that keeps failing goes to `parked_event`
// with its reason, later events of its key wait behind it, the partition moves on. While the
// database or Kafka is away the consumer pauses and goes on by itself.
//
// Handlers run on the consumer's own thread, one batch at a time.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/message.h>

#include "libs/base/context.h"
#include "libs/events/message.h"
#include "libs/pg/pool.h"
#include "libs/pg/tenant_directory.h"

namespace karez::events {

struct ConsumerOptions {
  std::string service;  // acts as this service
  std::string name;     // consumer group and inbox name, e.g. "accounts"
  std::string brokers;
  int max_batch = 500;
  int max_raw_batch = 4000;  // in place of it where OnBatch is used: bulk writes like it large
};

class Consumer {
 public:
  using Handler = std::function<Result<void>(pg::Tx&, const Context&, const Message&)>;
  // A batch of one tenant from a topic whose effects are idempotent by themselves (raw frames): no
  // inbox rows, no parking; the handler must deal with every message.
  using BatchHandler =
      std::function<Result<void>(pg::Tx&, const Context&, std::span<const Message>)>;

  static std::unique_ptr<Consumer> Create(ConsumerOptions options, pg::Pool& pool,
                                          pg::TenantDirectory& tenants, const Clock& clock);
  virtual ~Consumer() = default;  // stops

  // Register before Start. Types without a handler are passed over.
  virtual void OnType(const std::string& topic, const std::string& type, Handler handler) = 0;
  virtual void OnBatch(const std::string& topic, BatchHandler handler) = 0;

  // consumer.On<pb::BillIssued>("karez.billing.v1", [](auto& tx, auto& ctx, const pb::BillIssued&
  // e,
  //                                                    const Message& m) -> Result<void> {…});
  template <class Event, class Fn>
  void On(const std::string& topic, Fn fn) {
    OnType(topic, std::string(Event::descriptor()->full_name()),
           [fn = std::move(fn)](pg::Tx& tx, const Context& context,
                                const Message& message) -> Result<void> {
             Event event;
             if (!event.ParseFromString(message.payload)) {
               return Fail(Code::kDataLoss, "EVENT_MALFORMED",
                           "The payload is no " + message.type + ".");
             }
             return fn(tx, context, event, message);
           });
  }

  virtual void Start() = 0;
  virtual void Stop() = 0;
  // Applies parked events again, oldest first; for the `parked` command. Returns how many
  // succeeded.
  virtual int Redrive() = 0;
  // Highest lag over the assigned partitions, as of the last statistics.
  virtual std::int64_t lag() const = 0;
};

// Keeps `tenant` and `branch` of this service's schema from identity's events.
// `branch_arrived` is told the code of a branch, in the transaction that learns of it: for imports
// that wait for it.
using BranchArrived = std::function<void(pg::Tx&, const Context&, const std::string& code)>;
void FollowTenants(Consumer& consumer, pg::TenantDirectory& tenants,
                   const std::string& topic = "karez.identity.v1",
                   BranchArrived branch_arrived = {});

}  // namespace karez::events
