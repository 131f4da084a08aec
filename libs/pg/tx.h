// One transaction of one tenant. Use cases and stores are handed a Tx; only the ways in
// (rpc::Write, rpc::Read, consumers, jobs) open one. Not safe across threads.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/params.h"
#include "libs/pg/rows.h"

namespace karez::pg {

// A named statement. The name is the prepared statement's, the metric's label and the log's field.
// Define as constexpr beside the function that runs it.
struct Query {
  const char* name;
  const char* sql;
};

// A fact of ours, to be published after the commit: see libs/events/fact.h for making one.
struct Fact {
  std::string type;            // full protobuf name of the payload, the CloudEvents type
  std::string aggregate_type;  // "account"
  Uuid aggregate_id;
  std::int64_t version = 0;  // the aggregate's version, which the same transaction has raised
  std::string payload;       // serialised protobuf
};

class Connection;

struct TxOptions {
  // Without a tenant only platform tables show rows.
  std::optional<TenantId> tenant;
  // No statement outlives this; zero leaves the role's default.
  std::chrono::milliseconds statement_timeout{0};
  Trace trace = Trace::New();  // carried by the facts of this transaction
};

class Tx {
 public:
  Tx(Connection& connection, const TxOptions& options);
  ~Tx();  // rolls back unless committed
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  // Runs a prepared statement. Throws pg::Failure when PostgreSQL refuses it.
  template <class... Args>
  Rows Exec(const Query& query, const Args&... args) {
    return Run(query, Params(args...));
  }
  // Statements that cannot be prepared (SET, CREATE TEMP TABLE); never with outside text in it.
  void Command(std::string_view sql);

  // Writes the fact into the outbox; it leaves for Kafka after the commit.
  void Publish(const Fact& fact) { PublishAll({fact}); }
  void PublishAll(const std::vector<Fact>& facts);

  // Runs `work` under a savepoint; false from it undoes what it wrote and the transaction goes on.
  // A Failure of the database undoes it too and is thrown on.
  void Savepoint(const std::function<bool()>& work);
  // The tenant whose rows are seen; absent in a platform transaction.
  std::optional<TenantId> tenant() const { return tenant_; }
  // Only for the platform's own work (a new tenant's first rows): goes on as another tenant.
  void EnterTenant(TenantId tenant);
  // SET LOCAL lock_timeout: how long a statement waits for a row that another transaction holds.
  // Zero goes back to the role's default.
  void LimitLockWait(std::chrono::milliseconds lock);

  // Throws pg::Failure. After a lost connection on COMMIT the result is unknown.
  void Commit();

 private:
  Rows Run(const Query& query, const Params& params);

  struct Impl;
  std::unique_ptr<Impl> impl_;
  Connection& connection_;
  std::optional<TenantId> tenant_;
  Trace trace_;
  bool published_ = false;
};

}  // namespace karez::pg
