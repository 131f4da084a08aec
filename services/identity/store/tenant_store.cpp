#include "services/identity/store/tenant_store.h"

#include <nlohmann/json.hpp>

namespace karez::identity::store {
namespace {

constexpr pg::Query kLockCreation{"identity.lock_tenant_creation", R"sql(
  SELECT pg_advisory_xact_lock(hashtext('identity.tenant')))sql"};

constexpr pg::Query kInsertGroup{"identity.insert_group", R"sql(
  INSERT INTO tenant_group (code) VALUES ($1) ON CONFLICT (code) DO NOTHING)sql"};

constexpr pg::Query kInsertTenant{"identity.insert_tenant", R"sql(
  INSERT INTO tenant (id, code, name, zone, active, settings, version, group_code, created_at)
  SELECT coalesce(max(id), 0) + 1, $1::text, $2::text, $3::text, true, '{}'::jsonb, $4::bigint,
         $5::text, $6::timestamptz FROM tenant
  ON CONFLICT (code) DO NOTHING
  RETURNING id)sql"};

constexpr pg::Query kFindTenant{"identity.find_tenant", R"sql(
  SELECT id, code, name, zone, active, settings::text AS settings, version, group_code, created_at
    FROM tenant WHERE id = $1)sql"};

constexpr pg::Query kFindTenantByCode{"identity.find_tenant_by_code", R"sql(
  SELECT id, code, name, zone, active, settings::text AS settings, version, group_code, created_at
    FROM tenant WHERE code = $1)sql"};

constexpr pg::Query kLockTenant{"identity.lock_tenant", R"sql(
  SELECT id, code, name, zone, active, settings::text AS settings, version, group_code, created_at
    FROM tenant WHERE id = $1 FOR UPDATE)sql"};

constexpr pg::Query kListTenants{"identity.list_tenants", R"sql(
  SELECT id, code, name, zone, active, settings::text AS settings, version, group_code, created_at
    FROM tenant WHERE id > $1 ORDER BY id LIMIT $2)sql"};

constexpr pg::Query kUpdateSettings{"identity.update_settings", R"sql(
  UPDATE tenant SET settings = $2::jsonb, version = $3 WHERE id = $1)sql"};

constexpr pg::Query kInsertBranch{"identity.insert_branch", R"sql(
  INSERT INTO branch (tenant_id, id, code, name, parent_id, version)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (tenant_id, code) DO NOTHING)sql"};

constexpr pg::Query kListBranches{"identity.list_branches", R"sql(
  SELECT id, code, name, parent_id, version FROM branch WHERE tenant_id = $1 ORDER BY code)sql"};

constexpr pg::Query kMissingBranches{"identity.missing_branches", R"sql(
  SELECT wanted.id FROM unnest($2::uuid[]) AS wanted(id)
   WHERE NOT EXISTS (SELECT FROM branch b WHERE b.tenant_id = $1 AND b.id = wanted.id))sql"};

constexpr pg::Query kBranchesBelow{"identity.branches_below", R"sql(
  WITH RECURSIVE below AS (
    SELECT id FROM branch WHERE tenant_id = $1 AND id = ANY ($2::uuid[])
    UNION
    SELECT b.id FROM branch b JOIN below ON b.parent_id = below.id WHERE b.tenant_id = $1
  )
  SELECT id FROM below ORDER BY id)sql"};

TenantRecord ToTenant(const pg::Row& row) {
  TenantRecord tenant;
  tenant.id = row.Get<TenantId>("id");
  tenant.code = row.Get<std::string>("code");
  tenant.name = row.Get<std::string>("name");
  tenant.zone = row.Get<std::string>("zone");
  tenant.active = row.Get<bool>("active");
  tenant.settings = nlohmann::json::parse(row.Get<std::string>("settings"))
                        .get<std::map<std::string, std::string>>();
  tenant.group_code = row.Get<std::optional<std::string>>("group_code");
  tenant.version = row.Get<std::int64_t>("version");
  tenant.created_at = row.Get<Instant>("created_at");
  return tenant;
}

std::optional<TenantRecord> ToOptionalTenant(const pg::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return ToTenant(rows.One());
}

std::vector<BranchId> ToIds(const pg::Rows& rows) {
  std::vector<BranchId> out;
  for (const auto& row : rows) out.push_back(row.Get<BranchId>("id"));
  return out;
}

}  // namespace

Result<void> InsertTenant(pg::Tx& tx, TenantRecord& tenant) {
  tx.Exec(kLockCreation);
  if (tenant.group_code) tx.Exec(kInsertGroup, *tenant.group_code);
  const auto rows = tx.Exec(kInsertTenant, tenant.code, tenant.name, tenant.zone, tenant.version,
                            tenant.group_code, tenant.created_at);
  if (rows.empty()) {
    return Fail(Code::kAlreadyExists, "TENANT_CODE_TAKEN",
                "Another utility has this code. Choose another one.", {{"code", tenant.code}});
  }
  tenant.id = rows.One().Get<TenantId>("id");
  return {};
}

std::optional<TenantRecord> FindTenant(pg::Tx& tx, TenantId id) {
  return ToOptionalTenant(tx.Exec(kFindTenant, id));
}

std::optional<TenantRecord> FindTenantByCode(pg::Tx& tx, const std::string& code) {
  return ToOptionalTenant(tx.Exec(kFindTenantByCode, code));
}

TenantRecord LockTenant(pg::Tx& tx, TenantId id) {
  return ToTenant(tx.Exec(kLockTenant, id).One());
}

void UpdateSettings(pg::Tx& tx, const TenantRecord& tenant) {
  tx.Exec(kUpdateSettings, tenant.id, nlohmann::json(tenant.settings).dump(), tenant.version);
}

std::vector<TenantRecord> ListTenants(pg::Tx& tx, TenantId after, int limit) {
  std::vector<TenantRecord> out;
  for (const auto& row : tx.Exec(kListTenants, after, limit)) out.push_back(ToTenant(row));
  return out;
}

Result<void> InsertBranch(pg::Tx& tx, TenantId tenant, const Branch& branch) {
  if (branch.parent && !MissingBranches(tx, tenant, {*branch.parent}).empty()) {
    return Fail(Code::kNotFound, "BRANCH_NOT_FOUND", "There is no branch with this parent_id.",
                {{"branch_id", branch.parent->str()}});
  }
  const auto rows = tx.Exec(kInsertBranch, tenant, branch.id, branch.code, branch.name,
                            branch.parent, branch.version);
  if (rows.affected() == 0) {
    return Fail(Code::kAlreadyExists, "BRANCH_CODE_TAKEN",
                "Another branch has this code. Choose another one.", {{"code", branch.code}});
  }
  return {};
}

std::vector<Branch> ListBranches(pg::Tx& tx, TenantId tenant) {
  std::vector<Branch> out;
  for (const auto& row : tx.Exec(kListBranches, tenant)) {
    out.push_back({row.Get<BranchId>("id"), row.Get<std::string>("code"),
                   row.Get<std::string>("name"), row.Get<std::optional<BranchId>>("parent_id"),
                   row.Get<std::int64_t>("version")});
  }
  return out;
}

std::vector<BranchId> MissingBranches(pg::Tx& tx, TenantId tenant,
                                      const std::vector<BranchId>& branches) {
  return ToIds(tx.Exec(kMissingBranches, tenant, branches));
}

std::vector<BranchId> WithBranchesBelow(pg::Tx& tx, TenantId tenant,
                                        const std::vector<BranchId>& branches) {
  return ToIds(tx.Exec(kBranchesBelow, tenant, branches));
}

}  // namespace karez::identity::store
