#include "services/identity/usecases/republish.h"

#include "services/identity/events/facts.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {

int Republish(pg::Pool& pool) {
  constexpr int kBatch = 100;
  int facts = 0;
  TenantId after = 0;
  std::vector<TenantRecord> tenants;
  do {
    pool.RunTransaction({.tenant = kPlatformTenant}, [&](pg::Tx& tx) {
      tenants = store::ListTenants(tx, after, kBatch);
      return false;
    });
    for (const TenantRecord& tenant : tenants) {
      std::vector<Branch> branches;
      pool.RunTransaction({.tenant = tenant.id}, [&](pg::Tx& tx) {
        branches = store::ListBranches(tx, tenant.id);
        tx.Publish(events::TenantChanged(tenant));
        for (const Branch& branch : branches) tx.Publish(events::BranchChanged(branch));
        return true;
      });
      facts += 1 + static_cast<int>(branches.size());
      after = tenant.id;
    }
  } while (!tenants.empty());
  return facts;
}

}  // namespace karez::identity::usecases
