#include "services/identity/store/staff_store.h"

namespace karez::identity::store {
namespace {

constexpr pg::Query kInsertStaff{"identity.insert_staff", R"sql(
  INSERT INTO staff (tenant_id, id, name, display_name, password_hash, active, all_branches,
                     branch_ids, version, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::uuid[], $9, $10)
  ON CONFLICT (tenant_id, name) DO NOTHING)sql"};

constexpr pg::Query kUpdateStaff{"identity.update_staff", R"sql(
  UPDATE staff SET display_name = $3, password_hash = $4, active = $5, all_branches = $6,
                   branch_ids = $7::uuid[], version = $8
   WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kDeleteRoles{"identity.delete_staff_roles", R"sql(
  DELETE FROM staff_role WHERE tenant_id = $1 AND staff_id = $2)sql"};

constexpr pg::Query kInsertRoles{"identity.insert_staff_roles", R"sql(
  INSERT INTO staff_role (tenant_id, staff_id, role_id)
  SELECT $1::integer, $2::uuid, unnest($3::uuid[])
  RETURNING tenant_id)sql"};

constexpr pg::Query kGetStaff{"identity.get_staff", R"sql(
  SELECT id, name, display_name, password_hash, active, all_branches, branch_ids, version,
         created_at,
         ARRAY(SELECT role_id FROM staff_role r
                WHERE r.tenant_id = $1 AND r.staff_id = s.id ORDER BY role_id) AS role_ids
    FROM staff s WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kLockStaff{"identity.lock_staff", R"sql(
  SELECT id, name, display_name, password_hash, active, all_branches, branch_ids, version,
         created_at,
         ARRAY(SELECT role_id FROM staff_role r
                WHERE r.tenant_id = $1 AND r.staff_id = s.id ORDER BY role_id) AS role_ids
    FROM staff s WHERE tenant_id = $1 AND id = $2 FOR UPDATE)sql"};

constexpr pg::Query kFindStaff{"identity.find_staff_by_name", R"sql(
  SELECT id, name, display_name, password_hash, active, all_branches, branch_ids, version,
         created_at,
         ARRAY(SELECT role_id FROM staff_role r
                WHERE r.tenant_id = $1 AND r.staff_id = s.id ORDER BY role_id) AS role_ids
    FROM staff s WHERE tenant_id = $1 AND name = $2)sql"};

constexpr pg::Query kListStaff{"identity.list_staff", R"sql(
  SELECT id, name, display_name, password_hash, active, all_branches, branch_ids, version,
         created_at,
         ARRAY(SELECT role_id FROM staff_role r
                WHERE r.tenant_id = $1 AND r.staff_id = s.id ORDER BY role_id) AS role_ids
    FROM staff s WHERE tenant_id = $1 AND name > $2 ORDER BY name LIMIT $3)sql"};

Staff ToStaff(const pg::Row& row) {
  Staff staff;
  staff.id = row.Get<StaffId>("id");
  staff.name = row.Get<std::string>("name");
  staff.display_name = row.Get<std::string>("display_name");
  staff.password_hash = row.Get<std::string>("password_hash");
  staff.active = row.Get<bool>("active");
  for (const Uuid& id : row.Get<std::vector<Uuid>>("role_ids")) staff.roles.emplace_back(id);
  staff.scope.all = row.Get<bool>("all_branches");
  for (const Uuid& id : row.Get<std::vector<Uuid>>("branch_ids")) {
    staff.scope.branches.emplace_back(id);
  }
  staff.version = row.Get<std::int64_t>("version");
  staff.created_at = row.Get<Instant>("created_at");
  return staff;
}

Result<Staff> ToResult(const pg::Rows& rows) {
  if (rows.empty()) {
    return Fail(Code::kNotFound, "STAFF_NOT_FOUND", "There is no such member of staff.");
  }
  return ToStaff(rows.One());
}

}  // namespace

Result<void> InsertStaff(pg::Tx& tx, TenantId tenant, const Staff& staff) {
  const auto rows =
      tx.Exec(kInsertStaff, tenant, staff.id, staff.name, staff.display_name, staff.password_hash,
              staff.active, staff.scope.all, staff.scope.branches, staff.version, staff.created_at);
  if (rows.affected() == 0) {
    return Fail(Code::kAlreadyExists, "STAFF_NAME_TAKEN",
                "Another member of staff has this sign-in name. Choose another one.",
                {{"staff_name", staff.name}});
  }
  tx.Exec(kInsertRoles, tenant, staff.id, staff.roles);
  return {};
}

Result<Staff> GetStaff(pg::Tx& tx, TenantId tenant, StaffId id) {
  return ToResult(tx.Exec(kGetStaff, tenant, id));
}

Result<Staff> LockStaff(pg::Tx& tx, TenantId tenant, StaffId id) {
  return ToResult(tx.Exec(kLockStaff, tenant, id));
}

std::optional<Staff> FindStaffByName(pg::Tx& tx, TenantId tenant, const std::string& name) {
  const auto rows = tx.Exec(kFindStaff, tenant, name);
  if (rows.empty()) return std::nullopt;
  return ToStaff(rows.One());
}

void UpdateStaff(pg::Tx& tx, TenantId tenant, const Staff& staff) {
  tx.Exec(kUpdateStaff, tenant, staff.id, staff.display_name, staff.password_hash, staff.active,
          staff.scope.all, staff.scope.branches, staff.version);
  tx.Exec(kDeleteRoles, tenant, staff.id);
  tx.Exec(kInsertRoles, tenant, staff.id, staff.roles);
}

std::vector<Staff> ListStaff(pg::Tx& tx, TenantId tenant, const std::string& after, int limit) {
  std::vector<Staff> out;
  for (const auto& row : tx.Exec(kListStaff, tenant, after, limit)) out.push_back(ToStaff(row));
  return out;
}

}  // namespace karez::identity::store
