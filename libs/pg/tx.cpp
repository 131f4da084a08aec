#include "libs/pg/tx.h"

#include "libs/pg/connection.h"

namespace karez::pg {
namespace {

constexpr Query kInsertOutbox{"pg.insert_outbox", R"sql(
  INSERT INTO outbox (tenant_id, event_id, type, key, agg_type, agg_id, agg_version, traceparent,
                      payload, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10))sql"};

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

void Tx::Copy(const std::string& table, const std::vector<std::string>& columns,
              const std::vector<std::vector<std::optional<std::string>>>& rows) {
  Translate([&] {
    pqxx::stream_to stream(impl_->work, table, columns);
    for (const auto& row : rows) stream << row;
    stream.complete();
  });
}

void Tx::Publish(const Fact& fact) {
  if (fact.payload.size() > kMaxPayloadBytes) {
    throw std::logic_error("event " + fact.type + " is too large for Kafka");
  }
  if (!tenant_) throw std::logic_error("a fact needs a tenant");
  Exec(kInsertOutbox, *tenant_, Uuid::V7(), fact.type,
       std::to_string(*tenant_) + ":" + fact.aggregate_id.str(), fact.aggregate_type,
       fact.aggregate_id, fact.version, trace_.traceparent(), Bytes{fact.payload},
       SystemClock().Now());
  published_ = true;
}

void Tx::Commit() {
  // One wake-up a transaction: NOTIFY takes a cluster-wide lock at commit.
  if (published_) Command("NOTIFY outbox");
  Translate([&] { impl_->work.commit(); });
}

}  // namespace karez::pg
