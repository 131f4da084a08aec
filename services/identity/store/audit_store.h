// Rows of the audit log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/audit.h"

namespace karez::identity::store {

// The end of the tenant's chain, made when it is not there; other appends wait for this one.
ChainHead LockChain(pg::Tx& tx, TenantId tenant);
void InsertAudit(pg::Tx& tx, TenantId tenant, const ChainedEntry& chained, Instant now);
void MoveChain(pg::Tx& tx, TenantId tenant, const ChainHead& head);

struct AuditFilter {
  std::string subject{};          // empty: any
  std::string method{};           // empty: any
  std::optional<Instant> from{};  // happened at or after
  std::optional<Instant> to{};    // happened before
};
// Newest first, those with a sequence below `before` (absent: from the end).
std::vector<ChainedEntry> ListAudit(pg::Tx& tx, TenantId tenant, const AuditFilter& filter,
                                    std::optional<std::int64_t> before, int limit);

}  // namespace karez::identity::store
