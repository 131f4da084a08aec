#include "services/identity/usecases/refresh_session.h"

#include "libs/auth/secrets.h"
#include "services/identity/events/facts.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {
namespace {

tl::unexpected<Error> RefuseToken() {
  return Fail(Code::kUnauthenticated, "REFRESH_TOKEN_INVALID",
              "The session has ended. Sign in again.");
}

void EndStolenSession(pg::Tx& tx, const Context& context, TenantId tenant,
                      const SessionRecord& session, const Result<Staff>& staff) {
  if (session.revoked_at) return;  // told already
  store::RevokeSession(tx, tenant, session.id, context.Now());
  events::PublishAudit(tx, context, tenant,
                       {"RefreshSession", session.staff.str(), staff ? staff->name : "",
                        session.id.str(), "REFRESH_TOKEN_REUSED"});
}

}  // namespace

Result<SignedIn> RefreshSession(const SessionTools& tools, const Context& context,
                                const std::string& refresh_token) {
  const auto token = RefreshToken::Parse(refresh_token);
  if (!token) return RefuseToken();
  const TenantId tenant_id = token->tenant;
  const std::string hash = auth::Sha256(token->secret);
  const Instant now = context.Now();
  std::optional<SignedIn> done;
  tools.pool.RunTransaction(OptionsFor(context, tenant_id), [&](pg::Tx& tx) {
    done.reset();
    const auto row = store::LockRefreshToken(tx, tenant_id, hash);
    if (!row) return false;
    const auto session = store::LockSession(tx, tenant_id, row->session);
    if (!session) return false;
    const auto staff = store::GetStaff(tx, tenant_id, session->staff);
    if (row->used) {
      EndStolenSession(tx, context, tenant_id, *session, staff);
      return true;
    }
    const auto tenant = store::FindTenant(tx, tenant_id);
    const bool usable = session->Usable(now) && now < row->expires_at && staff && staff->active &&
                        tenant && tenant->active;
    if (!usable) return false;
    store::MarkRefreshTokenUsed(tx, tenant_id, hash, now);
    done = Issue(tx, tools, *session, *tenant, *staff, now);
    return true;
  });
  if (!done) return RefuseToken();
  return *std::move(done);
}

Result<void> SignOut(pg::Tx& tx, const Context& context) {
  const auto session = SessionId::Parse(context.principal().session);
  if (!session) {
    return Fail(Code::kFailedPrecondition, "NO_SESSION", "The caller has no session to end.");
  }
  store::RevokeSession(tx, context.tenant_id(), *session, context.Now());
  return {};
}

}  // namespace karez::identity::usecases
