#include "services/identity/store/session_store.h"

namespace karez::identity::store {
namespace {

constexpr pg::Query kInsertSession{"identity.insert_session", R"sql(
  INSERT INTO session (tenant_id, id, staff_id, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5))sql"};

constexpr pg::Query kLockSession{"identity.lock_session", R"sql(
  SELECT id, staff_id, created_at, expires_at, revoked_at
    FROM session WHERE tenant_id = $1 AND id = $2 FOR UPDATE)sql"};

constexpr pg::Query kRevokeSession{"identity.revoke_session", R"sql(
  UPDATE session SET revoked_at = $3
   WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id)sql"};

constexpr pg::Query kRevokeSessionsOf{"identity.revoke_sessions_of", R"sql(
  UPDATE session SET revoked_at = $4
   WHERE tenant_id = $1 AND staff_id = $2 AND revoked_at IS NULL
     AND ($3::uuid IS NULL OR id <> $3) RETURNING id)sql"};

constexpr pg::Query kInsertRevocations{"identity.insert_revocations", R"sql(
  INSERT INTO revoked_session (session_id, revoked_at)
  SELECT unnest($1::uuid[]), $2::timestamptz ON CONFLICT (session_id) DO NOTHING)sql"};

constexpr pg::Query kRevokedSince{"identity.revoked_since", R"sql(
  SELECT session_id FROM revoked_session WHERE revoked_at >= $1)sql"};

constexpr pg::Query kInsertRefresh{"identity.insert_refresh_token", R"sql(
  INSERT INTO refresh_token (tenant_id, hash, session_id, expires_at)
  VALUES ($1, $2, $3, $4))sql"};

constexpr pg::Query kLockRefresh{"identity.lock_refresh_token", R"sql(
  SELECT session_id, expires_at, used_at IS NOT NULL AS used
    FROM refresh_token WHERE tenant_id = $1 AND hash = $2 FOR UPDATE)sql"};

constexpr pg::Query kUseRefresh{"identity.use_refresh_token", R"sql(
  UPDATE refresh_token SET used_at = $3 WHERE tenant_id = $1 AND hash = $2)sql"};

constexpr pg::Query kLockGuard{"identity.lock_sign_in_guard", R"sql(
  INSERT INTO sign_in_guard (tenant_id, name_hash, failures_us, updated_at)
  VALUES ($1, $2, '{}', $3)
  ON CONFLICT (tenant_id, name_hash) DO UPDATE SET updated_at = $3
  RETURNING failures_us, locked_until)sql"};

constexpr pg::Query kUpdateGuard{"identity.update_sign_in_guard", R"sql(
  UPDATE sign_in_guard SET failures_us = $3::bigint[], locked_until = $4
   WHERE tenant_id = $1 AND name_hash = $2)sql"};

constexpr pg::Query kPurgeSessions{"identity.purge_sessions", R"sql(
  DELETE FROM session WHERE tenant_id = $1 AND expires_at < $2)sql"};

constexpr pg::Query kPurgeGuards{"identity.purge_sign_in_guards", R"sql(
  DELETE FROM sign_in_guard WHERE tenant_id = $1 AND updated_at < $2)sql"};

constexpr pg::Query kPurgeRevocations{"identity.purge_revocations", R"sql(
  DELETE FROM revoked_session WHERE revoked_at < $1)sql"};

void TellGateways(pg::Tx& tx, const pg::Rows& revoked, Instant now) {
  if (revoked.empty()) return;
  std::vector<SessionId> ids;
  for (const auto& row : revoked) ids.push_back(row.Get<SessionId>("id"));
  tx.Exec(kInsertRevocations, ids, now);
}

}  // namespace

void InsertSession(pg::Tx& tx, TenantId tenant, const SessionRecord& session) {
  tx.Exec(kInsertSession, tenant, session.id, session.staff, session.created_at,
          session.expires_at);
}

std::optional<SessionRecord> LockSession(pg::Tx& tx, TenantId tenant, SessionId id) {
  const auto rows = tx.Exec(kLockSession, tenant, id);
  if (rows.empty()) return std::nullopt;
  const auto row = rows.One();
  return SessionRecord{row.Get<SessionId>("id"), row.Get<StaffId>("staff_id"),
                       row.Get<Instant>("created_at"), row.Get<Instant>("expires_at"),
                       row.Get<std::optional<Instant>>("revoked_at")};
}

void RevokeSession(pg::Tx& tx, TenantId tenant, SessionId id, Instant now) {
  TellGateways(tx, tx.Exec(kRevokeSession, tenant, id, now), now);
}

void RevokeSessionsOf(pg::Tx& tx, TenantId tenant, StaffId staff, std::optional<SessionId> except,
                      Instant now) {
  TellGateways(tx, tx.Exec(kRevokeSessionsOf, tenant, staff, except, now), now);
}

std::vector<std::string> RevokedSince(pg::Tx& tx, Instant since) {
  std::vector<std::string> out;
  for (const auto& row : tx.Exec(kRevokedSince, since)) {
    out.push_back(row.Get<SessionId>("session_id").str());
  }
  return out;
}

void InsertRefreshToken(pg::Tx& tx, TenantId tenant, const std::string& hash, SessionId session,
                        Instant expires_at) {
  tx.Exec(kInsertRefresh, tenant, pg::Bytes{hash}, session, expires_at);
}

std::optional<RefreshRow> LockRefreshToken(pg::Tx& tx, TenantId tenant, const std::string& hash) {
  const auto rows = tx.Exec(kLockRefresh, tenant, pg::Bytes{hash});
  if (rows.empty()) return std::nullopt;
  const auto row = rows.One();
  return RefreshRow{row.Get<SessionId>("session_id"), row.Get<Instant>("expires_at"),
                    row.Get<bool>("used")};
}

void MarkRefreshTokenUsed(pg::Tx& tx, TenantId tenant, const std::string& hash, Instant now) {
  tx.Exec(kUseRefresh, tenant, pg::Bytes{hash}, now);
}

SignInGuard LockGuard(pg::Tx& tx, TenantId tenant, const std::string& name_hash, Instant now) {
  const auto rows = tx.Exec(kLockGuard, tenant, pg::Bytes{name_hash}, now);
  const auto row = rows.One();
  std::vector<Instant> failures;
  for (const std::int64_t micros : row.Get<std::vector<std::int64_t>>("failures_us")) {
    failures.emplace_back(Duration(micros));
  }
  return {std::move(failures), row.Get<std::optional<Instant>>("locked_until")};
}

void UpdateGuard(pg::Tx& tx, TenantId tenant, const std::string& name_hash,
                 const SignInGuard& guard) {
  std::vector<std::int64_t> failures;
  for (const Instant at : guard.failures()) failures.push_back(at.time_since_epoch().count());
  tx.Exec(kUpdateGuard, tenant, pg::Bytes{name_hash}, failures, guard.locked_until());
}

std::int64_t PurgeSessions(pg::Tx& tx, TenantId tenant, Instant before) {
  return tx.Exec(kPurgeSessions, tenant, before).affected() +
         tx.Exec(kPurgeGuards, tenant, before).affected();
}

std::int64_t PurgeRevocations(pg::Tx& tx, Instant before) {
  return tx.Exec(kPurgeRevocations, before).affected();
}

}  // namespace karez::identity::store
