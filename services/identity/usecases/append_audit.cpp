#include "services/identity/usecases/append_audit.h"

#include "services/identity/store/audit_store.h"

namespace karez::identity::usecases {

void AppendAudit(pg::Tx& tx, const Context& context, AuditEntry entry) {
  ChainHead head = store::LockChain(tx, context.tenant_id());
  const ChainedEntry chained = Append(head, std::move(entry));
  store::InsertAudit(tx, context.tenant_id(), chained, context.Now());
  store::MoveChain(tx, context.tenant_id(), head);
}

}  // namespace karez::identity::usecases
