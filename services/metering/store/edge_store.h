// The byte account of ingest edges. Platform table: in transactions without a tenant.
#pragma once

#include <string>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/uuid.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/byte_account.h"

namespace karez::metering::store {

struct EdgeAccount {
  std::string edge_id;
  domain::ByteAccount bytes;
  std::int64_t connections = 0;
  Instant updated_at;
};

// The totals of one run of an edge since its start; writing the same again changes nothing.
void SaveEdgeAccount(pg::Tx& tx, const Uuid& run_id, const EdgeAccount& account);
// Sums over all runs, by edge.
std::vector<EdgeAccount> ListEdgeAccounts(pg::Tx& tx);

}  // namespace karez::metering::store
