#include "services/identity/usecases/create_tenant.h"

#include "libs/auth/secrets.h"
#include "services/identity/domain/staff.h"
#include "services/identity/domain/text.h"
#include "services/identity/events/facts.h"
#include "services/identity/store/role_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {
namespace {

// The first rows of a tenant, in a transaction that has entered it.
Result<void> WriteFirstRows(pg::Tx& tx, const TenantRecord& tenant, const std::string& admin_name,
                            const std::string& admin_password) {
  const Role role = AdministratorRole();
  RETURN_IF_ERROR(store::InsertRole(tx, tenant.id, role));
  Staff admin;
  admin.id = StaffId::New();
  admin.name = admin_name;
  admin.display_name = admin_name;
  admin.password_hash = auth::HashPassword(admin_password);
  admin.roles = {role.id};
  admin.created_at = tenant.created_at;
  RETURN_IF_ERROR(store::InsertStaff(tx, tenant.id, admin));
  tx.Publish(events::TenantChanged(tenant));
  return {};
}

}  // namespace

Result<TenantRecord> CreateTenant(pg::Tx& tx, const Context& context, const NewUtility& wanted) {
  Violations bad;
  TenantRecord tenant =
      NewTenant(bad, wanted.code, wanted.name, wanted.zone, wanted.group_code, context.Now());
  CheckStaffName(bad, "admin_staff_name", wanted.admin_staff_name);
  CheckNewPassword(bad, "admin_password", wanted.admin_password);
  RETURN_IF_ERROR(bad.Check());
  RETURN_IF_ERROR(store::InsertTenant(tx, tenant));
  tx.EnterTenant(tenant.id);
  RETURN_IF_ERROR(WriteFirstRows(tx, tenant, wanted.admin_staff_name, wanted.admin_password));
  tx.EnterTenant(context.tenant_id());  // the answer is stored for the caller
  return tenant;
}

Result<bool> BootstrapPlatform(pg::Pool& pool, const Clock& clock,
                               const std::string& admin_password) {
  Violations bad;
  TenantRecord tenant = NewTenant(bad, "platform", "platform", "", "", clock.Now());
  CheckNewPassword(bad, "KAREZ_BOOTSTRAP_PASSWORD_FILE", admin_password);
  RETURN_IF_ERROR(bad.Check());
  return pool.Transact({.tenant = kPlatformTenant}, [&](pg::Tx& tx) -> Result<bool> {
    if (store::FindTenant(tx, kPlatformTenant)) return false;
    RETURN_IF_ERROR(store::InsertTenant(tx, tenant));
    if (tenant.id != kPlatformTenant) {
      return Fail(Code::kFailedPrecondition, "PLATFORM_NOT_FIRST",
                  "There are tenants but no platform tenant: the database is not one of ours.");
    }
    RETURN_IF_ERROR(WriteFirstRows(tx, tenant, "admin", admin_password));
    return true;
  });
}

}  // namespace karez::identity::usecases
