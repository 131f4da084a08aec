#include "services/metering/store/edge_store.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kSave{"metering.save_edge_account", R"sql(
  INSERT INTO edge_account (edge_id, run_id, bytes_received, frame_bytes, garbage_bytes,
                            envelope_bytes, unregistered_bytes, frames, checksum_failures,
                            connections, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      ON CONFLICT (edge_id, run_id) DO UPDATE
     SET bytes_received = excluded.bytes_received, frame_bytes = excluded.frame_bytes,
         garbage_bytes = excluded.garbage_bytes, envelope_bytes = excluded.envelope_bytes,
         unregistered_bytes = excluded.unregistered_bytes, frames = excluded.frames,
         checksum_failures = excluded.checksum_failures, connections = excluded.connections,
         updated_at = excluded.updated_at)sql"};

constexpr pg::Query kList{"metering.list_edge_accounts", R"sql(
  SELECT edge_id,
         sum(frame_bytes)::bigint AS frame_bytes, sum(garbage_bytes)::bigint AS garbage_bytes,
         sum(envelope_bytes)::bigint AS envelope_bytes,
         sum(unregistered_bytes)::bigint AS unregistered_bytes, sum(frames)::bigint AS frames,
         sum(checksum_failures)::bigint AS checksum_failures,
         sum(connections)::bigint AS connections, max(updated_at) AS updated_at
    FROM edge_account
   GROUP BY edge_id
   ORDER BY edge_id)sql"};

}  // namespace

void SaveEdgeAccount(pg::Tx& tx, const Uuid& run_id, const EdgeAccount& account) {
  tx.Exec(kSave, account.edge_id, run_id, account.bytes.bytes_received(), account.bytes.frame_bytes,
          account.bytes.garbage_bytes, account.bytes.envelope_bytes,
          account.bytes.unregistered_bytes, account.bytes.frames, account.bytes.checksum_failures,
          account.connections, account.updated_at);
}

std::vector<EdgeAccount> ListEdgeAccounts(pg::Tx& tx) {
  std::vector<EdgeAccount> out;
  for (const pg::Row row : tx.Exec(kList)) {
    EdgeAccount account;
    account.edge_id = row.Get<std::string>("edge_id");
    account.bytes.frame_bytes = row.Get<std::int64_t>("frame_bytes");
    account.bytes.garbage_bytes = row.Get<std::int64_t>("garbage_bytes");
    account.bytes.envelope_bytes = row.Get<std::int64_t>("envelope_bytes");
    account.bytes.unregistered_bytes = row.Get<std::int64_t>("unregistered_bytes");
    account.bytes.frames = row.Get<std::int64_t>("frames");
    account.bytes.checksum_failures = row.Get<std::int64_t>("checksum_failures");
    account.connections = row.Get<std::int64_t>("connections");
    account.updated_at = row.Get<Instant>("updated_at");
    out.push_back(account);
  }
  return out;
}

}  // namespace karez::metering::store
