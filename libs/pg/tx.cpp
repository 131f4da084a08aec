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
  SELECT $1::integer, event_id, type, $1::integer::text || ':' || agg_id::text, agg_type, agg_id, agg_version, $2,
         payload, $3
    FROM unnest($4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::bigint[], $9::bytea[])
         WITH ORDINALITY AS f(event_id, type, agg_type, agg_id, agg_version, payload, position)
   ORDER BY position
  RETURNING tenant_id)sql"};

// Larger messages would be refused by the broker and hold up the events behind them.
constexpr std::size_t kMaxPayloadBytes = 900'000;

// A SET command, since set_config() does not reach the workers of Citus.
std::string SetTenant(TenantId tenant) {
  return "SET LOCAL app.tenant = '" + std::to_string(tenant) + "'";
}

}  // namespace

// BEGIN and COMMIT are sent by us: libpqxx's own transaction ends at the first refused statement,
// which would take savepoints away, and opens with a round trip of its own.
struct Tx::Impl {
  explicit Impl(pqxx::connection& connection) : session(connection) {}
  pqxx::nontransaction session;
  bool open = false;
};

Tx::Tx(Connection& connection, const TxOptions& options)
    : connection_(connection), tenant_(options.tenant), trace_(options.trace) {
  std::string settings;
  if (options.tenant) settings += SetTenant(*options.tenant) + "; ";
  if (options.statement_timeout.count() > 0) {
    settings +=
        "SET LOCAL statement_timeout = " + std::to_string(options.statement_timeout.count());
  }
  Translate([&] { impl_ = std::make_unique<Impl>(connection.raw()); });
  // In one round trip, except on Citus: it sends its workers the whole text that a SET stands in,
  // and they would be told to begin what they have begun.
  const bool together = !connection.on_citus() || settings.empty();
  Command(together ? "BEGIN; " + settings : "BEGIN");
  impl_->open = true;
  if (!together) Command(settings);
}

Tx::~Tx() {
  if (!impl_->open) return;
  try {
    impl_->session.exec("ROLLBACK");
  } catch (const std::exception&) {
    // The connection is gone, and the transaction with it; the pool will notice.
  }
}

void Tx::EnterTenant(TenantId tenant) {
  Command(SetTenant(tenant));
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
        impl_->session.exec_prepared(query.name, pqxx::prepare::make_dynamic_params(values)));
  });
  return Rows(std::move(result));
}

void Tx::Command(std::string_view sql) {
  Translate([&] { impl_->session.exec(std::string(sql)); });
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
  try {
    // One wake-up a transaction: NOTIFY takes a cluster-wide lock at commit.
    if (published_) Command("NOTIFY outbox");
    Command("COMMIT");
    impl_->open = false;
  } catch (const Failure& failure) {
    if (failure.kind() != FailureKind::kConnection) throw;
    throw Failure(FailureKind::kCommitUnknown, failure.sqlstate(), "", failure.what());
  }
}

}  // namespace karez::pg
