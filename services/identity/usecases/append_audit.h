// Takes an audit record of any service into the tenant's chain.
#pragma once

#include "libs/pg/tx.h"
#include "services/identity/domain/audit.h"

namespace karez::identity::usecases {

void AppendAudit(pg::Tx& tx, const Context& context, AuditEntry entry);

}  // namespace karez::identity::usecases
