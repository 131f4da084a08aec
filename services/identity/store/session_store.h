// Rows of sessions, refresh tokens, revocations and wrong passwords.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/pg/tx.h"
#include "services/identity/domain/session.h"
#include "services/identity/domain/sign_in_guard.h"

namespace karez::identity::store {

void InsertSession(pg::Tx& tx, TenantId tenant, const SessionRecord& session);
// Locked until the end of the transaction.
std::optional<SessionRecord> LockSession(pg::Tx& tx, TenantId tenant, SessionId id);
// Marks the session and tells the gateways. Nothing for one that is revoked already.
void RevokeSession(pg::Tx& tx, TenantId tenant, SessionId id, Instant now);
// All of a member of staff's but `except`.
void RevokeSessionsOf(pg::Tx& tx, TenantId tenant, StaffId staff, std::optional<SessionId> except,
                      Instant now);
// Those revoked since, of all tenants.
std::vector<std::string> RevokedSince(pg::Tx& tx, Instant since);

struct RefreshRow {
  SessionId session;
  Instant expires_at;
  bool used = false;
};
// `hash`: SHA-256 of the token's secret.
void InsertRefreshToken(pg::Tx& tx, TenantId tenant, const std::string& hash, SessionId session,
                        Instant expires_at);
// Locked until the end of the transaction.
std::optional<RefreshRow> LockRefreshToken(pg::Tx& tx, TenantId tenant, const std::string& hash);
void MarkRefreshTokenUsed(pg::Tx& tx, TenantId tenant, const std::string& hash, Instant now);

// The counter behind a sign-in name, made when it is not there; locked until the end of the
// transaction. `name_hash`: SHA-256 over tenant code and name.
SignInGuard LockGuard(pg::Tx& tx, TenantId tenant, const std::string& name_hash, Instant now);
void UpdateGuard(pg::Tx& tx, TenantId tenant, const std::string& name_hash,
                 const SignInGuard& guard);

// Deletes what ended before `before`: sessions with their tokens, counters. Returns how many rows.
std::int64_t PurgeSessions(pg::Tx& tx, TenantId tenant, Instant before);
std::int64_t PurgeRevocations(pg::Tx& tx, Instant before);

}  // namespace karez::identity::store
