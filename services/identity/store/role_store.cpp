#include "services/identity/store/role_store.h"

namespace karez::identity::store {
namespace {

constexpr pg::Query kInsertRole{"identity.insert_role", R"sql(
  INSERT INTO role (tenant_id, id, name, permissions, built_in, version)
  VALUES ($1, $2, $3, $4::text[], $5, $6)
  ON CONFLICT (tenant_id, name) DO NOTHING)sql"};

constexpr pg::Query kLockRole{"identity.lock_role", R"sql(
  SELECT id, name, permissions, built_in, version
    FROM role WHERE tenant_id = $1 AND id = $2 FOR UPDATE)sql"};

constexpr pg::Query kUpdateRole{"identity.update_role", R"sql(
  UPDATE role SET name = $3, permissions = $4::text[], version = $5
   WHERE tenant_id = $1 AND id = $2
     AND NOT EXISTS (SELECT FROM role o WHERE o.tenant_id = $1 AND o.name = $3 AND o.id <> $2))sql"};

constexpr pg::Query kListRoles{"identity.list_roles", R"sql(
  SELECT id, name, permissions, built_in, version
    FROM role WHERE tenant_id = $1 ORDER BY name)sql"};

constexpr pg::Query kFindRoles{"identity.find_roles", R"sql(
  SELECT id, name, permissions, built_in, version
    FROM role WHERE tenant_id = $1 AND id = ANY ($2::uuid[]))sql"};

Role ToRole(const pg::Row& row) {
  const auto permissions = row.Get<std::vector<std::string>>("permissions");
  return {row.Get<RoleId>("id"),
          row.Get<std::string>("name"),
          {permissions.begin(), permissions.end()},
          row.Get<bool>("built_in"),
          row.Get<std::int64_t>("version")};
}

std::vector<Role> ToRoles(const pg::Rows& rows) {
  std::vector<Role> out;
  for (const auto& row : rows) out.push_back(ToRole(row));
  return out;
}

std::vector<std::string> ToList(const PermissionSet& permissions) {
  return {permissions.begin(), permissions.end()};
}

tl::unexpected<Error> RefuseName(const Role& role) {
  return Fail(Code::kAlreadyExists, "ROLE_NAME_TAKEN",
              "Another role has this name. Choose another one.", {{"name", role.name}});
}

}  // namespace

Result<void> InsertRole(pg::Tx& tx, TenantId tenant, const Role& role) {
  const auto rows = tx.Exec(kInsertRole, tenant, role.id, role.name, ToList(role.permissions),
                            role.built_in, role.version);
  if (rows.affected() == 0) return RefuseName(role);
  return {};
}

Result<Role> LockRole(pg::Tx& tx, TenantId tenant, RoleId id) {
  const auto rows = tx.Exec(kLockRole, tenant, id);
  if (rows.empty()) return Fail(Code::kNotFound, "ROLE_NOT_FOUND", "There is no such role.");
  return ToRole(rows.One());
}

Result<void> UpdateRole(pg::Tx& tx, TenantId tenant, const Role& role) {
  const auto rows =
      tx.Exec(kUpdateRole, tenant, role.id, role.name, ToList(role.permissions), role.version);
  if (rows.affected() == 0) return RefuseName(role);
  return {};
}

std::vector<Role> ListRoles(pg::Tx& tx, TenantId tenant) {
  return ToRoles(tx.Exec(kListRoles, tenant));
}

std::vector<Role> FindRoles(pg::Tx& tx, TenantId tenant, const std::vector<RoleId>& ids) {
  return ToRoles(tx.Exec(kFindRoles, tenant, ids));
}

}  // namespace karez::identity::store
