#include "services/identity/usecases/organise.h"

#include "services/identity/events/facts.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {

Result<TenantRecord> UpdateSettings(pg::Tx& tx, const Context& context,
                                    const std::map<std::string, std::string>& changes) {
  TenantRecord tenant = store::LockTenant(tx, context.tenant_id());
  RETURN_IF_ERROR(tenant.ChangeSettings(changes));
  store::UpdateSettings(tx, tenant);
  tx.Publish(events::TenantChanged(tenant));
  return tenant;
}

Result<Branch> CreateBranch(pg::Tx& tx, const Context& context, const std::string& code,
                            const std::string& name, const std::string& parent_id) {
  ASSIGN_OR_RETURN(const Branch branch, NewBranch(code, name, parent_id));
  RETURN_IF_ERROR(store::InsertBranch(tx, context.tenant_id(), branch));
  tx.Publish(events::BranchChanged(branch));
  return branch;
}

}  // namespace karez::identity::usecases
