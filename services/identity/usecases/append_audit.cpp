#include "services/identity/usecases/append_audit.h"

#include "libs/auth/secrets.h"
#include "services/identity/store/audit_store.h"

namespace karez::identity::usecases {

ChainedEntry Chain(ChainHead& head, AuditEntry entry) {
  const std::string hash = auth::Sha256(BytesToHash(head, entry));
  head = {head.sequence + 1, hash};
  return {std::move(entry), head.sequence, head.hash};
}

void AppendAudit(pg::Tx& tx, const Context& context, AuditEntry entry) {
  ChainHead head = store::LockChain(tx, context.tenant_id());
  const ChainedEntry chained = Chain(head, std::move(entry));
  store::InsertAudit(tx, context.tenant_id(), chained, context.Now());
  store::MoveChain(tx, context.tenant_id(), head);
}

}  // namespace karez::identity::usecases
