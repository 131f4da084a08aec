// Long work as a resumable operation: what is asked and how far it is stands in table `operation`;
// each step is one transaction, so a process killed anywhere goes on where it was. Free functions
// work inside the caller's transaction.
#pragma once

#include <string>

#include <google/protobuf/message.h>

#include "libs/base/context.h"
#include "libs/pg/tx.h"

namespace karez::jobs {

using OperationId = Id<struct OperationTag>;

enum class State { kRunning, kWaiting, kSucceeded, kFailed, kCancelled };

struct Operation {
  OperationId id;
  std::string kind;  // "billing.run"
  State state = State::kRunning;
  std::int64_t done = 0;  // units finished, of total
  std::int64_t total = 0;
  std::string step;     // what is being done, a stable key for the user interface
  std::string request;  // serialised protobuf
  std::string cursor;   // where the next step begins; the step function's own
  std::string result;   // JSON object
  std::string error;    // why it failed
  std::string caller;   // subject that asked for it
  std::string caller_name;
  Trace trace;
  Instant created_at;
  Instant updated_at;
};

// Writes a running operation; the runner of this service picks it up after the commit.
Operation Begin(pg::Tx& tx, const Context& context, const std::string& kind,
                const google::protobuf::Message& request, std::int64_t total,
                OperationId id = OperationId::New());

// NOT_FOUND "OPERATION_NOT_FOUND".
Result<Operation> Get(pg::Tx& tx, const Context& context, OperationId id);
// Newest first; empty kind for all.
std::vector<Operation> List(pg::Tx& tx, const Context& context, const std::string& kind, int limit);
// Sets a waiting operation running again (a person has decided).
Result<void> Resume(pg::Tx& tx, const Context& context, OperationId id);

}  // namespace karez::jobs
