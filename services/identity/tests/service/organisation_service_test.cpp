// Tenants, settings, branches, roles and staff over gRPC.
#include <algorithm>

#include "karez/identity/v1/events.pb.h"

#include "services/identity/tests/service/identity_fixture.h"
#include "services/identity/usecases/republish.h"

namespace karez::identity {
namespace {

using ::testing::Contains;
using testing::FailsWith;
using ::testing::Not;
using testing::RefusesField;
using testing::Succeeds;
using Stub = v1::IdentityService::Stub;

using OrganisationTest = IdentityTest;

v1::CreateTenantRequest TenantRequest(const std::string& code) {
  v1::CreateTenantRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_code(code);
  request.set_name("Test utility");
  request.set_admin_staff_name("admin");
  request.set_admin_password(kPassword);
  return request;
}

TEST_F(OrganisationTest, TheSameRequestMakesOneUtility) {
  const auto request = TenantRequest("once");
  const auto first = service().Call(PlatformAdmin(), &Stub::CreateTenant, request);
  const auto second = service().Call(PlatformAdmin(), &Stub::CreateTenant, request);
  ASSERT_THAT(first, Succeeds());
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(first->tenant_id(), second->tenant_id());
  EXPECT_EQ(first->zone(), "Asia/Shanghai");
  auto other = request;
  other.set_request_id(Uuid::V7().str());
  EXPECT_THAT(service().Call(PlatformAdmin(), &Stub::CreateTenant, other),
              FailsWith(Code::kAlreadyExists, "TENANT_CODE_TAKEN"));
}

TEST_F(OrganisationTest, ABadUtilityIsRefusedWithEveryField) {
  auto request = TenantRequest("Bad Code");
  request.set_zone("Mars/Olympus");
  request.set_admin_password("short");
  const auto refused = service().Call(PlatformAdmin(), &Stub::CreateTenant, request);
  EXPECT_THAT(refused, RefusesField("code"));
  EXPECT_THAT(refused, RefusesField("zone"));
  EXPECT_THAT(refused, RefusesField("admin_password"));
}

TEST_F(OrganisationTest, OnlyThePlatformCreatesUtilities) {
  const auto tenant = NewUtility();
  EXPECT_THAT(service().Call(Admin(tenant), &Stub::CreateTenant, TenantRequest("sneaky")),
              FailsWith(Code::kPermissionDenied, "PERMISSION_DENIED"));
}

TEST_F(OrganisationTest, UtilitiesAreListedPageByPage) {
  NewUtility();
  NewUtility();
  v1::ListTenantsRequest request;
  request.set_page_size(1);
  std::set<std::int32_t> seen;
  do {
    const auto page = service().Call(PlatformAdmin(), &Stub::ListTenants, request).value();
    ASSERT_EQ(page.tenants_size(), 1);
    EXPECT_TRUE(seen.insert(page.tenants(0).tenant_id()).second);
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_GE(seen.size(), 3U);
}

TEST_F(OrganisationTest, ANewUtilityIsPublishedAsAFact) {
  const auto tenant = NewUtility();
  v1::TenantChanged last;
  EXPECT_TRUE(testing::Eventually([&] {
    for (const auto& event : service().Await("karez.identity.v1.TenantChanged", 1)) {
      v1::TenantChanged parsed;
      if (event.type == "karez.identity.v1.TenantChanged" &&
          parsed.ParseFromString(event.payload) && parsed.tenant_id() == tenant.tenant_id()) {
        last = parsed;
        EXPECT_EQ(event.tenant, tenant.tenant_id());
      }
    }
    return last.tenant_id() == tenant.tenant_id();
  }));
  EXPECT_EQ(last.code(), tenant.code());
  EXPECT_TRUE(last.active());
}

TEST_F(OrganisationTest, RepublishTellsTenantsAndBranchesAgain) {
  const auto tenant = NewUtility();
  const auto branch = NewBranch(Admin(tenant), "east").value();
  const auto told = [&] {
    const auto events = service().Await("karez.identity.v1.BranchChanged", 1);
    return std::count_if(events.begin(), events.end(), [&](const testing::Published& event) {
      return event.aggregate.str() == branch.branch_id() && event.version == 1;
    });
  };
  EXPECT_TRUE(testing::Eventually([&] { return told() == 1; }));
  EXPECT_GE(usecases::Republish(service().host().pool()), 3);
  EXPECT_TRUE(testing::Eventually([&] { return told() == 2; }));
}

TEST_F(OrganisationTest, SettingsAreCheckedKeptAndRemoved) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  const auto set = [&](const std::string& key, const std::string& value) {
    v1::UpdateSettingsRequest request;
    request.set_request_id(Uuid::V7().str());
    (*request.mutable_settings())[key] = value;
    return service().Call(admin, &Stub::UpdateSettings, request);
  };
  EXPECT_THAT(set("number.bill", "B-{seq:6}"), Succeeds());
  EXPECT_THAT(set("number.bill", "B"), RefusesField("settings[number.bill]"));
  EXPECT_THAT(set("no.such.key", "1"), RefusesField("settings[no.such.key]"));
  const auto got = service().Call(admin, &Stub::GetTenant, v1::GetTenantRequest()).value();
  EXPECT_EQ(got.settings().at("number.bill"), "B-{seq:6}");
  EXPECT_EQ(got.group_code(), "tianshan");
  EXPECT_EQ(set("number.bill", "")->settings_size(), 0);
}

TEST_F(OrganisationTest, PermissionsOfThePlatformAreNotShownToUtilities) {
  const auto tenant = NewUtility();
  const auto list =
      service().Call(Admin(tenant), &Stub::ListPermissions, v1::ListPermissionsRequest()).value();
  EXPECT_THAT(list.permissions(), Contains("identity.staff.create"));
  EXPECT_THAT(list.permissions(), Not(Contains("platform.tenant.create")));
  // Those of the other services are there too.
  const auto of = [&](const char* service_name) {
    return std::count_if(list.permissions().begin(), list.permissions().end(),
                         [&](const auto& p) { return p.starts_with(service_name); });
  };
  for (const char* name : {"accounts.", "billing.", "metering."}) EXPECT_GT(of(name), 0) << name;
}

TEST_F(OrganisationTest, AScopedClerkGetsTheBranchesBelowHisOwn) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  const auto east = NewBranch(admin, "east").value();
  const auto desk = NewBranch(admin, "east-desk", east.branch_id()).value();
  const auto west = NewBranch(admin, "west").value();
  const auto role = NewRole(admin, "reader", {"identity.staff.read"}).value();
  ASSERT_THAT(NewStaff(admin, "aynur", {role.role_id()}, {east.branch_id()}), Succeeds());
  const auto session = SignIn(tenant.code(), "aynur", kPassword).value().session();
  EXPECT_FALSE(session.all_branches());
  EXPECT_THAT(session.branch_ids(),
              ::testing::UnorderedElementsAre(east.branch_id(), desk.branch_id()));
  EXPECT_THAT(session.permissions(), ::testing::ElementsAre("identity.staff.read"));
  const auto branches =
      service().Call(admin, &Stub::ListBranches, v1::ListBranchesRequest()).value();
  EXPECT_EQ(branches.branches_size(), 3);
}

TEST_F(OrganisationTest, NobodyHandsOnMoreThanHeHolds) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  const auto east = NewBranch(admin, "east").value();
  const auto west = NewBranch(admin, "west").value();
  const auto personnel =
      NewRole(admin, "personnel", {"identity.staff.create", "identity.role.create"}).value();
  const auto payer = NewRole(admin, "all", {"identity.settings.update"}).value();
  ASSERT_THAT(NewStaff(admin, "hr", {personnel.role_id()}, {east.branch_id()}), Succeeds());
  const std::string hr = Caller(SignIn(tenant.code(), "hr", kPassword).value());
  EXPECT_THAT(NewRole(hr, "mine", {"identity.settings.update"}),
              FailsWith(Code::kPermissionDenied, "PERMISSION_NOT_HELD"));
  EXPECT_THAT(NewStaff(hr, "friend", {payer.role_id()}, {east.branch_id()}),
              FailsWith(Code::kPermissionDenied, "PERMISSION_NOT_HELD"));
  EXPECT_THAT(NewStaff(hr, "friend", {personnel.role_id()}, {west.branch_id()}),
              FailsWith(Code::kPermissionDenied, "SCOPE_NOT_HELD"));
  EXPECT_THAT(NewStaff(hr, "friend", {personnel.role_id()}),
              FailsWith(Code::kPermissionDenied, "SCOPE_NOT_HELD"));
  EXPECT_THAT(NewStaff(hr, "friend", {personnel.role_id()}, {east.branch_id()}), Succeeds());
}

TEST_F(OrganisationTest, StaffOfAnotherUtilityAreNotThere) {
  const auto shule = NewUtility();
  const auto gaochang = NewUtility();
  const auto staff = NewStaff(Admin(shule), "aynur", {}).value();
  const std::string stranger = Admin(gaochang);
  v1::GetStaffRequest request;
  request.set_staff_id(staff.staff_id());
  EXPECT_THAT(service().Call(stranger, &Stub::GetStaff, request),
              FailsWith(Code::kNotFound, "STAFF_NOT_FOUND"));
  EXPECT_THAT(Update(stranger, staff), FailsWith(Code::kNotFound, "STAFF_NOT_FOUND"));
  const auto list = service().Call(stranger, &Stub::ListStaff, v1::ListStaffRequest()).value();
  EXPECT_EQ(list.staff_size(), 1);  // its own administrator
  // Roles and branches of another utility cannot be given either.
  const auto role = NewRole(Admin(shule), "clerk", {}).value();
  const auto branch = NewBranch(Admin(shule), "east").value();
  EXPECT_THAT(NewStaff(stranger, "x1", {role.role_id()}), RefusesField("role_ids"));
  EXPECT_THAT(NewStaff(stranger, "x2", {}, {branch.branch_id()}), RefusesField("branch_ids"));
}

TEST_F(OrganisationTest, ChangesNeedTheCurrentEtag) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  auto staff = NewStaff(admin, "aynur", {}).value();
  staff.set_display_name("Renamed");
  const auto changed = Update(admin, staff);
  ASSERT_THAT(changed, Succeeds());
  EXPECT_EQ(changed->display_name(), "Renamed");
  EXPECT_THAT(Update(admin, staff), FailsWith(Code::kAborted, "ETAG_MISMATCH"));
}

TEST_F(OrganisationTest, DisablingEndsEverySession) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  auto staff = NewStaff(admin, "aynur", {}).value();
  const auto signed_in = SignIn(tenant.code(), "aynur", kPassword).value();
  staff.set_active(false);
  ASSERT_THAT(Update(admin, staff), Succeeds());
  EXPECT_FALSE(Refresh(signed_in.refresh_token()));
  EXPECT_THAT(SignIn(tenant.code(), "aynur", kPassword),
              FailsWith(Code::kUnauthenticated, "INVALID_CREDENTIALS"));
}

TEST_F(OrganisationTest, NobodyChangesHisOwnRights) {
  const auto tenant = NewUtility();
  const auto signed_in = SignIn(tenant.code(), "admin", kPassword).value();
  const std::string admin = Caller(signed_in);
  v1::GetStaffRequest request;
  request.set_staff_id(signed_in.session().staff_id());
  auto self = service().Call(admin, &Stub::GetStaff, request).value();
  self.set_display_name("The administrator");
  const auto renamed = Update(admin, self);
  ASSERT_THAT(renamed, Succeeds());
  self = *renamed;
  self.clear_role_ids();
  EXPECT_THAT(Update(admin, self), FailsWith(Code::kFailedPrecondition, "OWN_RIGHTS"));
}

TEST_F(OrganisationTest, RolesAreListedAndChanged) {
  const auto tenant = NewUtility();
  const std::string admin = Admin(tenant);
  const auto role = NewRole(admin, "clerk", {"identity.staff.read"}).value();
  EXPECT_THAT(NewRole(admin, "clerk", {}), FailsWith(Code::kAlreadyExists, "ROLE_NAME_TAKEN"));
  EXPECT_THAT(NewRole(admin, "desk", {"no.such.permission"}), RefusesField("permissions[0]"));
  v1::UpdateRoleRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_role_id(role.role_id());
  request.set_name("desk");
  request.add_permissions("identity.role.read");
  request.set_etag(role.etag());
  const auto changed = service().Call(admin, &Stub::UpdateRole, request);
  ASSERT_THAT(changed, Succeeds());
  EXPECT_THAT(changed->permissions(), ::testing::ElementsAre("identity.role.read"));
  const auto roles = service().Call(admin, &Stub::ListRoles, v1::ListRolesRequest()).value();
  ASSERT_EQ(roles.roles_size(), 2);
  EXPECT_EQ(roles.roles(0).name(), "administrator");
  EXPECT_GT(roles.roles(0).permissions_size(), 20);
}

}  // namespace
}  // namespace karez::identity
