// Takes audit records of all services into the tenant's chain.
#pragma once

#include "libs/pg/tx.h"
#include "services/identity/domain/audit.h"

namespace karez::identity::usecases {

// Puts the entry behind the head and moves the head on.
ChainedEntry Chain(ChainHead& head, AuditEntry entry);

void AppendAudit(pg::Tx& tx, const Context& context, AuditEntry entry);

}  // namespace karez::identity::usecases
