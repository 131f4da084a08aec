#include "services/identity/tests/service/identity_fixture.h"

#include <filesystem>
#include <fstream>

#include "services/identity/usecases/create_tenant.h"

namespace karez::identity {

std::unique_ptr<RunningIdentity> IdentityTest::running_;

RunningIdentity::RunningIdentity() {
  const std::filesystem::path trusted = service.host().config().trusted_keys_dir;
  const auto own = auth::NewKeyPair();
  std::ofstream(trusted / "identity.pem") << own.public_pem;
  keys.Put("private", own.private_pem);
  const auto edge = auth::NewKeyPair();
  std::ofstream(trusted / "edge.pem") << edge.public_pem;
  gateway = auth::Signer::FromPem("edge", edge.private_pem).value();

  Config config;
  config.signing_key_file = keys.path() + "/private.pem";
  app = std::make_unique<App>(service.host(), config);
  service.Start();
  EXPECT_THAT(usecases::BootstrapPlatform(service.host().pool(), clock, kPlatformPassword),
              testing::Succeeds());
}

RunningIdentity::~RunningIdentity() { service.host().Stop(); }

v1::Tenant IdentityTest::NewUtility() {
  static int count = 0;
  v1::CreateTenantRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_code("utility-" + std::to_string(++count));
  request.set_name("Test utility");
  request.set_group_code("tianshan");
  request.set_admin_staff_name("admin");
  request.set_admin_password(kPassword);
  const auto tenant =
      service().Call(PlatformAdmin(), &v1::IdentityService::Stub::CreateTenant, request);
  EXPECT_THAT(tenant, testing::Succeeds());
  service().host().tenants().Invalidate();
  return tenant.value();
}

std::string IdentityTest::PlatformAdmin() {
  return Caller(SignIn("platform", "admin", kPlatformPassword).value());
}

Result<v1::SignInResponse> IdentityTest::SignIn(const std::string& tenant_code,
                                                const std::string& name,
                                                const std::string& password) {
  v1::SignInRequest request;
  request.set_tenant_code(tenant_code);
  request.set_staff_name(name);
  request.set_password(password);
  return service().Call("", &v1::AuthService::Stub::SignIn, request);
}

Result<v1::SignInResponse> IdentityTest::Refresh(const std::string& refresh_token) {
  v1::RefreshSessionRequest request;
  request.set_refresh_token(refresh_token);
  return service().Call("", &v1::AuthService::Stub::RefreshSession, request);
}

std::string IdentityTest::Caller(const v1::SignInResponse& signed_in) {
  const auto verifier = auth::Verifier::FromDirectory(service().host().config().trusted_keys_dir);
  auto claims =
      verifier->Verify(signed_in.access_token(), "karez", {"identity"}, clock().Now()).value();
  claims.audience = "identity";
  claims.issued_at = SystemClock().Now();
  claims.expires_at = claims.issued_at + std::chrono::minutes(10);
  return running_->gateway->Sign(claims);
}

std::string IdentityTest::Admin(const v1::Tenant& tenant) {
  return Caller(SignIn(tenant.code(), "admin", kPassword).value());
}

std::string IdentityTest::GatewayToken() {
  auth::Claims claims;
  claims.audience = "identity";
  claims.subject = "gateway";
  claims.kind = "service";
  claims.issued_at = SystemClock().Now();
  claims.expires_at = claims.issued_at + std::chrono::minutes(1);
  return running_->gateway->Sign(claims);
}

Result<v1::Role> IdentityTest::NewRole(const std::string& caller, const std::string& name,
                                       const std::vector<std::string>& permissions) {
  v1::CreateRoleRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_name(name);
  request.mutable_permissions()->Assign(permissions.begin(), permissions.end());
  return service().Call(caller, &v1::IdentityService::Stub::CreateRole, request);
}

Result<v1::Staff> IdentityTest::NewStaff(const std::string& caller, const std::string& name,
                                         const std::vector<std::string>& role_ids,
                                         const std::vector<std::string>& branch_ids) {
  v1::CreateStaffRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_staff_name(name);
  request.set_display_name("Test " + name);
  request.set_password(kPassword);
  request.mutable_role_ids()->Assign(role_ids.begin(), role_ids.end());
  request.set_all_branches(branch_ids.empty());
  request.mutable_branch_ids()->Assign(branch_ids.begin(), branch_ids.end());
  return service().Call(caller, &v1::IdentityService::Stub::CreateStaff, request);
}

Result<v1::Branch> IdentityTest::NewBranch(const std::string& caller, const std::string& code,
                                           const std::string& parent_id) {
  v1::CreateBranchRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_code(code);
  request.set_name("Test " + code);
  request.set_parent_id(parent_id);
  return service().Call(caller, &v1::IdentityService::Stub::CreateBranch, request);
}

Result<v1::Staff> IdentityTest::Update(const std::string& caller, const v1::Staff& staff) {
  v1::UpdateStaffRequest request;
  request.set_request_id(Uuid::V7().str());
  request.set_staff_id(staff.staff_id());
  request.set_display_name(staff.display_name());
  request.set_active(staff.active());
  *request.mutable_role_ids() = staff.role_ids();
  request.set_all_branches(staff.all_branches());
  *request.mutable_branch_ids() = staff.branch_ids();
  request.set_etag(staff.etag());
  return service().Call(caller, &v1::IdentityService::Stub::UpdateStaff, request);
}

}  // namespace karez::identity
