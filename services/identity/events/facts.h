// The facts identity publishes: domain to proto.
#pragma once

#include <string>

#include "libs/pg/tx.h"
#include "services/identity/domain/branch.h"
#include "services/identity/domain/tenant.h"

namespace karez::identity::events {

pg::Fact TenantChanged(const TenantRecord& tenant);
pg::Fact BranchChanged(const Branch& branch);

// The audit record of a call that opens its own transactions: signing in, refreshing, changing the
// password. Elsewhere rpc::Write does it.
struct AuthAttempt {
  std::string method;   // of AuthService
  std::string subject;  // staff id; empty when no such name exists
  std::string subject_name;
  std::string session_id;
  std::string outcome;  // "OK" or the reason of the refusal
};
// In a transaction of the tenant, which need not be the context's.
void PublishAudit(pg::Tx& tx, const Context& context, TenantId tenant, const AuthAttempt& attempt);

}  // namespace karez::identity::events
