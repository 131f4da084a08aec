// What sign-in and refresh share: what a member of staff may do now, and a pair of tokens that says
// so.
#pragma once

#include "libs/auth/token.h"
#include "libs/pg/pool.h"
#include "libs/pg/tenant_directory.h"
#include "services/identity/domain/session.h"
#include "services/identity/domain/tenant.h"

namespace karez::identity::usecases {

// What the use cases around sessions work with; everything in it outlives them.
struct SessionTools {
  pg::Pool& pool;
  pg::TenantDirectory& tenants;
  const auth::Signer& signer;
  const PermissionCatalogue& permissions;
};

struct Grants {
  PermissionSet permissions;
  Scope scope;  // with the branches below those assigned
};

struct SessionView {
  SessionId session;
  Staff staff;
  TenantRecord tenant;
  Grants grants;
};

struct SignedIn {
  std::string access_token;
  std::string refresh_token;
  SessionView view;
};

Grants GrantsOf(pg::Tx& tx, TenantId tenant, const Staff& staff,
                const PermissionCatalogue& permissions);

// Writes a new refresh token and signs an access token with today's grants.
SignedIn Issue(pg::Tx& tx, const SessionTools& tools, const SessionRecord& session,
               const TenantRecord& tenant, const Staff& staff, Instant now);

// Transaction options for work of `tenant` within the caller's deadline.
pg::TxOptions OptionsFor(const Context& context, TenantId tenant);

}  // namespace karez::identity::usecases
