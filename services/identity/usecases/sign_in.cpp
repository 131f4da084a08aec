#include "services/identity/usecases/sign_in.h"

#include "libs/auth/secrets.h"
#include "services/identity/events/facts.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {
namespace {

constexpr std::size_t kLongestField = 512;  // bytes; no name or password is longer

Result<void> Check(const Credentials& given) {
  Violations bad;
  const std::pair<const char*, const std::string*> fields[] = {{"tenant_code", &given.tenant_code},
                                                               {"staff_name", &given.staff_name},
                                                               {"password", &given.password}};
  for (const auto& [name, value] : fields) {
    if (value->empty()) bad.Add(name, "Must be set.");
    if (value->size() > kLongestField) bad.Add(name, "Must not be longer than 512 bytes.");
  }
  return bad.Check();
}

// Who may be meant. Without a known utility the platform's own rows stand in for counting.
struct Candidate {
  std::optional<TenantRecord> tenant;
  std::optional<Staff> staff;

  TenantId guard_tenant() const { return tenant ? tenant->id : kPlatformTenant; }
};

Candidate Find(const SessionTools& tools, const Context& context, const Credentials& given) {
  Candidate found;
  tools.pool.RunTransaction(OptionsFor(context, kPlatformTenant), [&](pg::Tx& tx) {
    found.tenant = store::FindTenantByCode(tx, given.tenant_code);
    tx.EnterTenant(found.guard_tenant());
    // No name is empty, so this finds nothing where the utility is unknown, with the same work.
    found.staff =
        store::FindStaffByName(tx, found.guard_tenant(), found.tenant ? given.staff_name : "");
    return false;
  });
  return found;
}

// The same again after the password was checked: it may have been changed, or the account disabled.
bool StillHolds(pg::Tx& tx, const Candidate& candidate) {
  if (!candidate.staff || !candidate.tenant->active) return false;
  const auto staff = store::LockStaff(tx, candidate.tenant->id, candidate.staff->id);
  return staff && staff->active && staff->password_hash == candidate.staff->password_hash;
}

events::AuthAttempt ToAttempt(const Candidate& candidate, const std::optional<SignedIn>& done) {
  events::AuthAttempt attempt;
  attempt.method = "SignIn";
  if (candidate.staff) {
    attempt.subject = candidate.staff->id.str();
    attempt.subject_name = candidate.staff->name;
  }
  if (done) attempt.session_id = done->view.session.str();
  attempt.outcome = done ? "OK" : "INVALID_CREDENTIALS";
  return attempt;
}

}  // namespace

Result<SignedIn> SignIn(const SessionTools& tools, const Context& context,
                        const Credentials& given) {
  RETURN_IF_ERROR(Check(given));
  const Candidate candidate = Find(tools, context, given);
  const bool right = auth::CheckPassword(
      given.password, candidate.staff ? candidate.staff->password_hash : std::string());

  const TenantId tenant = candidate.guard_tenant();
  const std::string key = GuardKey(given.tenant_code, given.staff_name);
  const Instant now = context.Now();
  std::optional<SignedIn> done;
  tools.pool.RunTransaction(OptionsFor(context, tenant), [&](pg::Tx& tx) {
    done.reset();
    SignInGuard guard = store::LockGuard(tx, tenant, key, now);
    if (!guard.IsLocked(now)) {
      if (right && StillHolds(tx, candidate)) {
        guard.Succeeded();
        const SessionRecord session = NewSession(candidate.staff->id, now);
        store::InsertSession(tx, tenant, session);
        done = Issue(tx, tools, session, *candidate.tenant, *candidate.staff, now);
      } else {
        guard.Failed(now);
      }
      store::UpdateGuard(tx, tenant, key, guard);
    }
    if (candidate.tenant) {
      events::PublishAudit(tx, context, tenant, ToAttempt(candidate, done));
    }
    return true;  // failures are counted, so they are committed too
  });
  if (!done) return RefuseCredentials();
  // A utility created a moment ago may not be in what the server keeps of them.
  if (tools.tenants.Find(tenant) == nullptr) tools.tenants.Invalidate();
  return *std::move(done);
}

std::string GuardKey(const std::string& tenant_code, const std::string& staff_name) {
  return auth::Sha256(tenant_code + '\0' + staff_name);
}

tl::unexpected<Error> RefuseCredentials() {
  return Fail(Code::kUnauthenticated, "INVALID_CREDENTIALS",
              "Utility, name or password is wrong, or too many attempts were made. Check them, or "
              "try again in 15 minutes.");
}

}  // namespace karez::identity::usecases
