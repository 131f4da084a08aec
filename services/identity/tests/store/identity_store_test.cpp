// Store functions against PostgreSQL; each with a second tenant that must see nothing.
#include <gtest/gtest.h>

#include "libs/auth/secrets.h"
#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"
#include "services/identity/app.h"
#include "services/identity/store/audit_store.h"
#include "services/identity/store/role_store.h"
#include "services/identity/store/session_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"
#include "services/identity/usecases/append_audit.h"

namespace karez::identity::store {
namespace {

using testing::FailsWith;
using testing::Succeeds;

constexpr TenantId kShule = 2;
constexpr TenantId kGaochang = 3;
const Instant kNow = ParseInstant("2026-05-01T00:00:00Z").value();

class IdentityStoreTest : public ::testing::Test {
 protected:
  // Commits, so that the next call sees it.
  template <class Work>
  auto As(TenantId tenant, Work work) {
    std::optional<std::invoke_result_t<Work, pg::Tx&>> out;
    database_.pool().RunTransaction({.tenant = tenant}, [&](pg::Tx& tx) {
      out.emplace(work(tx));
      return true;
    });
    return *std::move(out);
  }

  Staff NewStaff(TenantId tenant, const std::string& name, std::vector<RoleId> roles = {}) {
    Staff staff;
    staff.id = StaffId::New();
    staff.name = name;
    staff.display_name = "Test " + name;
    staff.password_hash = "hash";
    staff.roles = std::move(roles);
    staff.created_at = kNow;
    EXPECT_THAT(As(tenant, [&](pg::Tx& tx) { return InsertStaff(tx, tenant, staff); }), Succeeds());
    return staff;
  }

  Branch NewTestBranch(TenantId tenant, const std::string& code,
                       std::optional<BranchId> parent = {}) {
    const Branch branch{BranchId::New(), code, "Test " + code, parent, 1};
    EXPECT_THAT(As(tenant, [&](pg::Tx& tx) { return InsertBranch(tx, tenant, branch); }),
                Succeeds());
    return branch;
  }

  testing::Database database_{"identity", Migrations()};
};

TEST_F(IdentityStoreTest, TenantsGetIdsInOrderAndCodesOnce) {
  Violations bad;
  TenantRecord platform = NewTenant(bad, "platform", "platform", "", "", kNow);
  TenantRecord shule = NewTenant(bad, "shule", "Shule (demo)", "Asia/Urumqi", "tianshan", kNow);
  shule.settings = {};
  TenantRecord again = shule;
  EXPECT_THAT(As(kPlatformTenant, [&](pg::Tx& tx) { return InsertTenant(tx, platform); }),
              Succeeds());
  EXPECT_THAT(As(kPlatformTenant, [&](pg::Tx& tx) { return InsertTenant(tx, shule); }), Succeeds());
  EXPECT_THAT(As(kPlatformTenant, [&](pg::Tx& tx) { return InsertTenant(tx, again); }),
              FailsWith(Code::kAlreadyExists, "TENANT_CODE_TAKEN"));
  EXPECT_EQ(platform.id, kPlatformTenant);
  EXPECT_EQ(shule.id, kShule);
  const auto found = As(kShule, [&](pg::Tx& tx) { return FindTenantByCode(tx, "shule"); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->zone, "Asia/Urumqi");
  EXPECT_EQ(found->group_code, "tianshan");
  EXPECT_EQ(found->created_at, kNow);
  EXPECT_EQ(As(kPlatformTenant, [&](pg::Tx& tx) { return ListTenants(tx, 1, 10); }).size(), 1U);
}

TEST_F(IdentityStoreTest, BranchesFormATree) {
  const Branch east = NewTestBranch(kShule, "east");
  const Branch desk = NewTestBranch(kShule, "east-1", east.id);
  const Branch west = NewTestBranch(kShule, "west");
  auto below = As(kShule, [&](pg::Tx& tx) { return WithBranchesBelow(tx, kShule, {east.id}); });
  EXPECT_EQ(below, (std::vector<BranchId>{east.id, desk.id}));
  EXPECT_EQ(As(kShule, [&](pg::Tx& tx) { return ListBranches(tx, kShule); }).size(), 3U);
  const Branch twin{BranchId::New(), "west", "x", {}, 1};
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertBranch(tx, kShule, twin); }),
              FailsWith(Code::kAlreadyExists, "BRANCH_CODE_TAKEN"));
  const Branch orphan{BranchId::New(), "south", "x", BranchId::New(), 1};
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertBranch(tx, kShule, orphan); }),
              FailsWith(Code::kNotFound, "BRANCH_NOT_FOUND"));
}

TEST_F(IdentityStoreTest, AnotherTenantSeesNoBranches) {
  const Branch east = NewTestBranch(kShule, "east");
  EXPECT_TRUE(As(kGaochang, [&](pg::Tx& tx) { return ListBranches(tx, kShule); }).empty());
  EXPECT_EQ(
      As(kGaochang, [&](pg::Tx& tx) { return MissingBranches(tx, kGaochang, {east.id}); }).size(),
      1U);
  const Branch below{BranchId::New(), "x-1", "x", east.id, 1};
  EXPECT_THAT(As(kGaochang, [&](pg::Tx& tx) { return InsertBranch(tx, kGaochang, below); }),
              FailsWith(Code::kNotFound, "BRANCH_NOT_FOUND"));
}

TEST_F(IdentityStoreTest, RolesKeepTheirPermissions) {
  Role role{RoleId::New(), "clerk", {"a.b.c", "d.e.f"}, false, 1};
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertRole(tx, kShule, role); }), Succeeds());
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertRole(tx, kShule, role); }),
              FailsWith(Code::kAlreadyExists, "ROLE_NAME_TAKEN"));
  role.permissions = {"a.b.c"};
  role.version = 2;
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return UpdateRole(tx, kShule, role); }), Succeeds());
  const auto got = As(kShule, [&](pg::Tx& tx) { return LockRole(tx, kShule, role.id); });
  ASSERT_THAT(got, Succeeds());
  EXPECT_EQ(got->permissions, role.permissions);
  EXPECT_EQ(got->version, 2);
  Role other{RoleId::New(), "desk", {}, false, 1};
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertRole(tx, kShule, other); }), Succeeds());
  other.name = "clerk";
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return UpdateRole(tx, kShule, other); }),
              FailsWith(Code::kAlreadyExists, "ROLE_NAME_TAKEN"));
  EXPECT_THAT(As(kGaochang, [&](pg::Tx& tx) { return LockRole(tx, kGaochang, role.id); }),
              FailsWith(Code::kNotFound, "ROLE_NOT_FOUND"));
  EXPECT_TRUE(As(kGaochang, [&](pg::Tx& tx) { return ListRoles(tx, kShule); }).empty());
}

TEST_F(IdentityStoreTest, StaffKeepTheirRolesAndScope) {
  const Role role{RoleId::New(), "clerk", {}, false, 1};
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertRole(tx, kShule, role); }), Succeeds());
  Staff staff = NewStaff(kShule, "aynur", {role.id});
  EXPECT_THAT(As(kShule, [&](pg::Tx& tx) { return InsertStaff(tx, kShule, staff); }),
              FailsWith(Code::kAlreadyExists, "STAFF_NAME_TAKEN"));
  staff.scope = {false, {BranchId::New()}};
  staff.active = false;
  staff.version = 2;
  As(kShule, [&](pg::Tx& tx) {
    UpdateStaff(tx, kShule, staff);
    return true;
  });
  const auto got = As(kShule, [&](pg::Tx& tx) { return FindStaffByName(tx, kShule, "aynur"); });
  ASSERT_TRUE(got);
  EXPECT_EQ(got->roles, std::vector<RoleId>{role.id});
  EXPECT_EQ(got->scope.branches, staff.scope.branches);
  EXPECT_FALSE(got->scope.all);
  EXPECT_FALSE(got->active);
  EXPECT_EQ(got->created_at, kNow);
}

TEST_F(IdentityStoreTest, StaffAreListedByNameAndOnlyToTheirTenant) {
  const Staff staff = NewStaff(kShule, "b");
  NewStaff(kShule, "a");
  NewStaff(kShule, "c");
  const auto list = As(kShule, [&](pg::Tx& tx) { return ListStaff(tx, kShule, "a", 10); });
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].name, "b");
  EXPECT_TRUE(As(kGaochang, [&](pg::Tx& tx) { return ListStaff(tx, kShule, "", 10); }).empty());
  EXPECT_FALSE(As(kGaochang, [&](pg::Tx& tx) { return FindStaffByName(tx, kShule, "b"); }));
  EXPECT_THAT(As(kGaochang, [&](pg::Tx& tx) { return GetStaff(tx, kGaochang, staff.id); }),
              FailsWith(Code::kNotFound, "STAFF_NOT_FOUND"));
}

TEST_F(IdentityStoreTest, RevokedSessionsAreToldOnce) {
  const Staff staff = NewStaff(kShule, "a");
  const auto first = NewSession(staff.id, kNow);
  const auto second = NewSession(staff.id, kNow);
  const auto third = NewSession(staff.id, kNow);
  As(kShule, [&](pg::Tx& tx) {
    for (const auto& session : {first, second, third}) InsertSession(tx, kShule, session);
    RevokeSession(tx, kShule, first.id, kNow);
    RevokeSession(tx, kShule, first.id, kNow + std::chrono::hours(1));
    RevokeSessionsOf(tx, kShule, staff.id, third.id, kNow);
    return true;
  });
  As(kGaochang, [&](pg::Tx& tx) {
    RevokeSession(tx, kShule, third.id, kNow);
    EXPECT_FALSE(LockSession(tx, kShule, third.id));
    return true;
  });
  const auto revoked = As(kShule, [&](pg::Tx& tx) { return RevokedSince(tx, kNow); });
  EXPECT_EQ(std::set<std::string>(revoked.begin(), revoked.end()),
            (std::set<std::string>{first.id.str(), second.id.str()}));
  EXPECT_TRUE(As(kShule, [&](pg::Tx& tx) { return RevokedSince(tx, kNow + Duration(1)); }).empty());
  As(kShule, [&](pg::Tx& tx) {
    EXPECT_EQ(LockSession(tx, kShule, first.id)->revoked_at, kNow);
    EXPECT_FALSE(LockSession(tx, kShule, third.id)->revoked_at);
    return true;
  });
}

TEST_F(IdentityStoreTest, RefreshTokensBelongToTheirTenant) {
  const Staff staff = NewStaff(kShule, "a");
  const auto session = NewSession(staff.id, kNow);
  const std::string hash = auth::Sha256("token");
  As(kShule, [&](pg::Tx& tx) {
    InsertSession(tx, kShule, session);
    InsertRefreshToken(tx, kShule, hash, session.id, kNow);
    EXPECT_FALSE(LockRefreshToken(tx, kShule, hash)->used);
    MarkRefreshTokenUsed(tx, kShule, hash, kNow);
    EXPECT_TRUE(LockRefreshToken(tx, kShule, hash)->used);
    return true;
  });
  EXPECT_FALSE(As(kGaochang, [&](pg::Tx& tx) { return LockRefreshToken(tx, kShule, hash); }));
  EXPECT_FALSE(As(kGaochang, [&](pg::Tx& tx) { return LockRefreshToken(tx, kGaochang, hash); }));
}

TEST_F(IdentityStoreTest, GuardsKeepTheirFailures) {
  const std::string key = auth::Sha256("key");
  SignInGuard guard({kNow, kNow + std::chrono::minutes(1)}, kNow + std::chrono::minutes(9));
  As(kShule, [&](pg::Tx& tx) {
    EXPECT_TRUE(LockGuard(tx, kShule, key, kNow).failures().empty());
    UpdateGuard(tx, kShule, key, guard);
    return true;
  });
  As(kShule, [&](pg::Tx& tx) {
    const auto got = LockGuard(tx, kShule, key, kNow);
    EXPECT_EQ(got.failures(), guard.failures());
    EXPECT_EQ(got.locked_until(), guard.locked_until());
    return true;
  });
  As(kGaochang, [&](pg::Tx& tx) {
    EXPECT_TRUE(LockGuard(tx, kGaochang, key, kNow).failures().empty());
    return true;
  });
}

TEST_F(IdentityStoreTest, PurgeTakesOnlyWhatEndedLongAgo) {
  const Staff staff = NewStaff(kShule, "a");
  const auto old = NewSession(staff.id, kNow - std::chrono::hours(24 * 60));
  const auto fresh = NewSession(staff.id, kNow);
  As(kShule, [&](pg::Tx& tx) {
    InsertSession(tx, kShule, old);
    InsertSession(tx, kShule, fresh);
    InsertRefreshToken(tx, kShule, auth::Sha256("old"), old.id, old.expires_at);
    RevokeSession(tx, kShule, old.id, old.created_at);
    EXPECT_EQ(PurgeSessions(tx, kShule, kNow), 1);
    EXPECT_FALSE(LockRefreshToken(tx, kShule, auth::Sha256("old")));
    EXPECT_TRUE(LockSession(tx, kShule, fresh.id));
    EXPECT_EQ(PurgeRevocations(tx, kNow), 1);
    return true;
  });
}

class AuditStoreTest : public IdentityStoreTest {
 protected:
  void AppendOne(TenantId tenant, const std::string& subject, const std::string& method,
                 Instant at) {
    As(tenant, [&](pg::Tx& tx) {
      AuditEntry entry;
      entry.record_id = Uuid::V7();
      entry.happened_at = at;
      entry.subject = subject;
      entry.method = method;
      ChainHead head = LockChain(tx, tenant);
      InsertAudit(tx, tenant, usecases::Chain(head, entry), SystemClock().Now());
      MoveChain(tx, tenant, head);
      return true;
    });
  }

  std::vector<std::int64_t> Listed(TenantId tenant, const AuditFilter& filter,
                                   std::optional<std::int64_t> before = {}, int limit = 10) {
    std::vector<std::int64_t> out;
    for (const auto& record :
         As(tenant, [&](pg::Tx& tx) { return ListAudit(tx, tenant, filter, before, limit); })) {
      out.push_back(record.sequence);
    }
    return out;
  }
};

TEST_F(AuditStoreTest, ListsNewestFirstWithFilters) {
  AppendOne(kShule, "ann", "Collect", kNow);
  AppendOne(kShule, "bob", "Collect", kNow + std::chrono::hours(1));
  AppendOne(kShule, "ann", "Reverse", kNow + std::chrono::hours(2));
  using Sequences = std::vector<std::int64_t>;
  EXPECT_EQ(Listed(kShule, {}), (Sequences{3, 2, 1}));
  EXPECT_EQ(Listed(kShule, {}, 3, 1), (Sequences{2}));
  EXPECT_EQ(Listed(kShule, {.subject = "ann"}), (Sequences{3, 1}));
  EXPECT_EQ(Listed(kShule, {.subject = "ann", .method = "Collect"}), (Sequences{1}));
  EXPECT_EQ(Listed(kShule, {.from = kNow + std::chrono::hours(1)}), (Sequences{3, 2}));
  EXPECT_EQ(Listed(kShule, {.to = kNow + std::chrono::hours(1)}), (Sequences{1}));
  EXPECT_EQ(Listed(kGaochang, {}), (Sequences{}));
}

TEST_F(AuditStoreTest, EachTenantHasAChainOfItsOwn) {
  AppendOne(kShule, "ann", "Collect", kNow);
  AppendOne(kGaochang, "cem", "Collect", kNow);
  EXPECT_EQ(Listed(kGaochang, {}), (std::vector<std::int64_t>{1}));
}

TEST_F(AuditStoreTest, RecordsCannotBeChangedOrTakenOut) {
  AppendOne(kShule, "ann", "Collect", kNow);
  constexpr pg::Query kChange{"test.change", "UPDATE audit_record SET subject = 'bob'"};
  constexpr pg::Query kDelete{"test.delete", "DELETE FROM audit_record"};
  for (const pg::Query& query : {kChange, kDelete}) {
    EXPECT_THROW(As(kShule, [&](pg::Tx& tx) { return tx.Exec(query).affected(); }), pg::Failure);
  }
}

}  // namespace
}  // namespace karez::identity::store
