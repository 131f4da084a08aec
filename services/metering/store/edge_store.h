// The byte account of ingest edges. Platform table: in transactions without a tenant.
#pragma once

#include <string>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/uuid.h"
#include "libs/pg/tx.h"

namespace karez::metering::store {

// received = frame + garbage + envelope + unregistered.
struct EdgeAccount {
  std::string edge_id;
  std::int64_t bytes_received = 0;
  std::int64_t frame_bytes = 0;
  std::int64_t garbage_bytes = 0;
  std::int64_t envelope_bytes = 0;
  std::int64_t unregistered_bytes = 0;
  std::int64_t frames = 0;
  std::int64_t checksum_failures = 0;
  std::int64_t connections = 0;
  Instant updated_at;
};

// The totals of one run of an edge since its start; writing the same again changes nothing.
void SaveEdgeAccount(pg::Tx& tx, const Uuid& run_id, const EdgeAccount& account);
// Sums over all runs, by edge.
std::vector<EdgeAccount> ListEdgeAccounts(pg::Tx& tx);

}  // namespace karez::metering::store
