#include "services/identity/usecases/change_password.h"

#include "libs/auth/secrets.h"
#include "services/identity/domain/text.h"
#include "services/identity/events/facts.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/usecases/sign_in.h"

namespace karez::identity::usecases {

Result<void> ChangePassword(const SessionTools& tools, const Context& context,
                            const std::string& old_password, const std::string& new_password) {
  Violations bad;
  CheckNewPassword(bad, "new_password", new_password);
  if (new_password == old_password) bad.Add("new_password", "Must differ from the old one.");
  RETURN_IF_ERROR(bad.Check());
  const auto id = StaffId::Parse(context.principal().subject);
  const auto session = SessionId::Parse(context.principal().session);
  if (!id || !session) {
    return Fail(Code::kFailedPrecondition, "NO_SESSION", "Only a member of staff has a password.");
  }

  const TenantId tenant = context.tenant_id();
  const auto options = OptionsFor(context, tenant);
  ASSIGN_OR_RETURN(const Staff before, tools.pool.Transact(options, [&](pg::Tx& tx) {
    return store::GetStaff(tx, tenant, *id);
  }));
  // The slow hashes are made while no connection is held.
  const bool right = auth::CheckPassword(old_password, before.password_hash);
  const std::string new_hash = auth::HashPassword(new_password);

  const std::string key = GuardKey(context.tenant().code, before.name);
  const Instant now = context.Now();
  bool changed = false;
  tools.pool.RunTransaction(options, [&](pg::Tx& tx) {
    changed = false;
    SignInGuard guard = store::LockGuard(tx, tenant, key, now);
    if (guard.IsLocked(now)) return true;
    auto staff = store::LockStaff(tx, tenant, *id);
    if (right && staff && staff->password_hash == before.password_hash) {
      guard.Succeeded();
      staff->password_hash = new_hash;
      ++staff->version;
      store::UpdateStaff(tx, tenant, *staff);
      store::RevokeSessionsOf(tx, tenant, *id, *session, now);
      events::PublishAudit(tx, context, tenant,
                           {"ChangePassword", id->str(), staff->name, session->str(), "OK"});
      changed = true;
    } else {
      guard.Failed(now);
    }
    store::UpdateGuard(tx, tenant, key, guard);
    return true;
  });
  if (!changed) return RefuseCredentials();
  return {};
}

}  // namespace karez::identity::usecases
