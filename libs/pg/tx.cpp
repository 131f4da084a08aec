#include "libs/pg/tx.h"

#include <stdexcept>

#include "libs/pg/connection.h"
#include "libs/pg/failure.h"

namespace karez::pg {
namespace {

// In the order given, so that the relay sees one aggregate's facts in the order of their versions.
constexpr Query kInsertOutbox{"pg.insert_outbox", R"sql(
  INSERT INTO outbox (tenant_id, event_id, type, key, agg_type, agg_id, agg_version, traceparent,
                      payload, created_at)
  SELECT $1, event_id, type, $1::text || ':' || agg_id::text, agg_type, agg_id, agg_version, $2,
         payload, $3
    FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::bigint[], $9::bytea[])
         WITH ORDINALITY AS f(event_id, type, agg_type, agg_id, agg_version, payload, position)
   ORDER BY position)sql"};

// Larger messages would be refused by the broker and hold up the events behind them.
constexpr std::size_t kMaxPayloadBytes = 900'000;

}  // namespace

struct Tx::Impl {
  explicit Impl(pqxx::connection& connection) : work(connection) {}
  pqxx::work work;
};

Tx::Tx(Connection& connection, const TxOptions& options)
    : connection_(connection), trace_(options.trace) {
  Translate([&] { impl_ = std::make_unique<Impl>(connection.raw()); });
  if (options.tenant) EnterTenant(*options.tenant);
  if (options.statement_timeout.count() > 0) {
    Command("SET LOCAL statement_timeout = " + std::to_string(options.statement_timeout.count()));
  }
}

Tx::~Tx() = default;

void Tx::EnterTenant(TenantId tenant) {
  // A SET command, since set_config() does not reach the workers of Citus.
  Command("SET LOCAL app.tenant = '" + std::to_string(tenant) + "'");
  tenant_ = tenant;
}

void Tx::LimitLockWait(std::chrono::milliseconds lock) {
  Command(lock.count() > 0 ? "SET LOCAL lock_timeout = " + std::to_string(lock.count())
                           : std::string("SET LOCAL lock_timeout TO DEFAULT"));
}

Rows Tx::Run(const Query& query, const Params& params) {
  std::shared_ptr<const pqxx::result> result;
  Translate([&] {
    connection_.Prepare(query);
    std::vector<const char*> values;
    values.reserve(params.values().size());
    for (const auto& value : params.values()) values.push_back(value ? value->c_str() : nullptr);
    result = std::make_shared<const pqxx::result>(
        impl_->work.exec_prepared(query.name, pqxx::prepare::make_dynamic_params(values)));
  });
  return Rows(std::move(result));
}

void Tx::Command(std::string_view sql) {
  Translate([&] { impl_->work.exec(std::string(sql)); });
}

void Tx::PublishAll(const std::vector<Fact>& facts) {
  if (facts.empty()) return;
  if (!tenant_) throw std::logic_error("a fact needs a tenant");
  std::vector<Uuid> event_ids, aggregate_ids;
  std::vector<std::string> types, aggregate_types;
  std::vector<std::int64_t> versions;
  std::vector<Bytes> payloads;
  for (const auto& fact : facts) {
    if (fact.payload.size() > kMaxPayloadBytes) {
      throw std::logic_error("event " + fact.type + " is too large for Kafka");
    }
    event_ids.push_back(Uuid::V7());
    types.push_back(fact.type);
    aggregate_types.push_back(fact.aggregate_type);
    aggregate_ids.push_back(fact.aggregate_id);
    versions.push_back(fact.version);
    payloads.push_back({fact.payload});
  }
  Exec(kInsertOutbox, *tenant_, trace_.traceparent(), SystemClock().Now(), event_ids, types,
       aggregate_types, aggregate_ids, versions, payloads);
  published_ = true;
}

void Tx::Savepoint(const std::function<bool()>& work) {
  Command("SAVEPOINT karez");
  bool keep = false;
  try {
    keep = work();
  } catch (const Failure& failure) {
    if (!failure.retryable()) Command("ROLLBACK TO SAVEPOINT karez; RELEASE SAVEPOINT karez");
    throw;
  }
  Command(keep ? "RELEASE SAVEPOINT karez"
               : "ROLLBACK TO SAVEPOINT karez; RELEASE SAVEPOINT karez");
}

void Tx::Commit() {
  // One wake-up a transaction: NOTIFY takes a cluster-wide lock at commit.
  if (published_) Command("NOTIFY outbox");
  Translate([&] { impl_->work.commit(); });
}

}  // namespace karez::pg
