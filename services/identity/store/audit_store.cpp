#include "services/identity/store/audit_store.h"

namespace karez::identity::store {
namespace {

constexpr pg::Query kStartChain{"identity.start_audit_chain", R"sql(
  INSERT INTO audit_chain (tenant_id, last_sequence, last_hash) VALUES ($1, $2, $3)
  ON CONFLICT (tenant_id) DO NOTHING)sql"};

constexpr pg::Query kLockChain{"identity.lock_audit_chain", R"sql(
  SELECT last_sequence, last_hash FROM audit_chain WHERE tenant_id = $1 FOR UPDATE)sql"};

constexpr pg::Query kMoveChain{"identity.move_audit_chain", R"sql(
  UPDATE audit_chain SET last_sequence = $2, last_hash = $3 WHERE tenant_id = $1)sql"};

constexpr pg::Query kInsertAudit{"identity.insert_audit_record", R"sql(
  INSERT INTO audit_record (tenant_id, sequence, recorded_at, record_id, happened_at, service,
                            method, subject, subject_name, session_id, via, outcome, request_id,
                            trace_id, request_json, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16))sql"};

constexpr pg::Query kListAudit{"identity.list_audit_records", R"sql(
  SELECT sequence, record_id, happened_at, service, method, subject, subject_name, session_id, via,
         outcome, request_id, trace_id, request_json, hash
    FROM audit_record
   WHERE tenant_id = $1
     AND ($2 = '' OR subject = $2)
     AND ($3 = '' OR method = $3)
     AND ($4::timestamptz IS NULL OR happened_at >= $4)
     AND ($5::timestamptz IS NULL OR happened_at < $5)
     AND ($6::bigint IS NULL OR sequence < $6)
   ORDER BY sequence DESC LIMIT $7)sql"};

ChainedEntry ToEntry(const pg::Row& row) {
  AuditEntry entry;
  entry.record_id = row.Get<Uuid>("record_id");
  entry.happened_at = row.Get<Instant>("happened_at");
  entry.service = row.Get<std::string>("service");
  entry.method = row.Get<std::string>("method");
  entry.subject = row.Get<std::string>("subject");
  entry.subject_name = row.Get<std::string>("subject_name");
  entry.session_id = row.Get<std::string>("session_id");
  entry.via = row.Get<std::string>("via");
  entry.outcome = row.Get<std::string>("outcome");
  entry.request_id = row.Get<std::string>("request_id");
  entry.trace_id = row.Get<std::string>("trace_id");
  entry.request_json = row.Get<std::string>("request_json");
  return {std::move(entry), row.Get<std::int64_t>("sequence"), row.GetBytes("hash")};
}

}  // namespace

ChainHead LockChain(pg::Tx& tx, TenantId tenant) {
  const ChainHead start;
  tx.Exec(kStartChain, tenant, start.sequence, pg::Bytes{start.hash});
  const auto rows = tx.Exec(kLockChain, tenant);
  return {rows.One().Get<std::int64_t>("last_sequence"), rows.One().GetBytes("last_hash")};
}

void InsertAudit(pg::Tx& tx, TenantId tenant, const ChainedEntry& chained, Instant now) {
  const AuditEntry& e = chained.entry;
  tx.Exec(kInsertAudit, tenant, chained.sequence, now, e.record_id, e.happened_at, e.service,
          e.method, e.subject, e.subject_name, e.session_id, e.via, e.outcome, e.request_id,
          e.trace_id, e.request_json, pg::Bytes{chained.hash});
}

void MoveChain(pg::Tx& tx, TenantId tenant, const ChainHead& head) {
  tx.Exec(kMoveChain, tenant, head.sequence, pg::Bytes{head.hash});
}

std::vector<ChainedEntry> ListAudit(pg::Tx& tx, TenantId tenant, const AuditFilter& filter,
                                    std::optional<std::int64_t> before, int limit) {
  std::vector<ChainedEntry> out;
  for (const auto& row : tx.Exec(kListAudit, tenant, filter.subject, filter.method, filter.from,
                                 filter.to, before, limit)) {
    out.push_back(ToEntry(row));
  }
  return out;
}

}  // namespace karez::identity::store
