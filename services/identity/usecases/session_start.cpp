#include "services/identity/usecases/session_start.h"

#include <algorithm>

#include "libs/auth/secrets.h"
#include "services/identity/store/role_store.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/tenant_store.h"

namespace karez::identity::usecases {
namespace {

constexpr const char* kAudience = "karez";

std::string SignAccessToken(const SessionTools& tools, const SessionView& view, Instant now) {
  auth::Claims claims;
  claims.audience = kAudience;
  claims.subject = view.staff.id.str();
  claims.tenant = view.tenant.id;
  claims.session = view.session.str();
  claims.name = view.staff.name;
  claims.kind = "staff";
  claims.permissions = view.grants.permissions;
  claims.all_branches = view.grants.scope.all;
  claims.branches = view.grants.scope.branches;
  claims.id = Uuid::V7().str();
  claims.issued_at = now;
  claims.expires_at = now + kAccessTokenLife;
  return tools.signer.Sign(std::move(claims));
}

}  // namespace

Grants GrantsOf(pg::Tx& tx, TenantId tenant, const Staff& staff,
                const PermissionCatalogue& permissions) {
  Grants grants;
  for (const Role& role : store::FindRoles(tx, tenant, staff.roles)) {
    const PermissionSet& held = role.PermissionsIn(permissions, tenant);
    grants.permissions.insert(held.begin(), held.end());
  }
  grants.scope.all = staff.scope.all;
  if (!grants.scope.all) {
    grants.scope.branches = store::WithBranchesBelow(tx, tenant, staff.scope.branches);
  }
  return grants;
}

SignedIn Issue(pg::Tx& tx, const SessionTools& tools, const SessionRecord& session,
               const TenantRecord& tenant, const Staff& staff, Instant now) {
  const RefreshToken refresh{tenant.id, auth::NewToken()};
  store::InsertRefreshToken(tx, tenant.id, auth::Sha256(refresh.secret), session.id,
                            std::min<Instant>(now + kRefreshTokenLife, session.expires_at));
  SignedIn out;
  out.refresh_token = refresh.str();
  out.view = {session.id, staff, tenant, GrantsOf(tx, tenant.id, staff, tools.permissions)};
  out.access_token = SignAccessToken(tools, out.view, now);
  return out;
}

pg::TxOptions OptionsFor(const Context& context, TenantId tenant) {
  constexpr std::chrono::milliseconds kShortest{100};
  constexpr std::chrono::milliseconds kLongest{5000};
  const auto left =
      std::chrono::floor<std::chrono::milliseconds>(context.deadline() - SystemClock().Now());
  return {.tenant = tenant,
          .statement_timeout = std::clamp(left, kShortest, kLongest),
          .trace = context.trace()};
}

}  // namespace karez::identity::usecases
