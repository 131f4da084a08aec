// Tenants, branches and permissions; staff and the audit log are in the files beside.
#include "services/identity/api/identity_service.h"

#include <charconv>

#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/identity/api/convert.h"
#include "services/identity/store/tenant_store.h"
#include "services/identity/usecases/create_tenant.h"
#include "services/identity/usecases/organise.h"

namespace karez::identity::api {

grpc::ServerUnaryReactor* IdentityService::ListPermissions(
    grpc::CallbackServerContext* context, const v1::ListPermissionsRequest* request,
    v1::ListPermissionsResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [this](const Context& ctx, const auto&, auto& out) -> Result<void> {
                      for (const std::string& permission : permissions_.In(ctx.tenant_id())) {
                        out.add_permissions(permission);
                      }
                      return {};
                    });
}

grpc::ServerUnaryReactor* IdentityService::CreateTenant(grpc::CallbackServerContext* context,
                                                        const v1::CreateTenantRequest* request,
                                                        v1::Tenant* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(
                          const auto tenant,
                          usecases::CreateTenant(tx, ctx,
                                                 {in.code(), in.name(), in.zone(), in.group_code(),
                                                  in.admin_staff_name(), in.admin_password()}));
                      ToProto(tenant, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* IdentityService::ListTenants(grpc::CallbackServerContext* context,
                                                       const v1::ListTenantsRequest* request,
                                                       v1::ListTenantsResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context&, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), "tenants", 1));
                     TenantId after = 0;
                     if (!page.after.empty()) {
                       const std::string& text = page.after[0];
                       std::from_chars(text.data(), text.data() + text.size(), after);
                     }
                     const auto tenants = store::ListTenants(tx, after, page.size + 1);
                     for (const auto& tenant : tenants) {
                       if (out.tenants_size() == page.size) {
                         out.set_next_page_token(rpc::NextToken(
                             "tenants", {std::to_string(out.tenants().rbegin()->tenant_id())}));
                         break;
                       }
                       ToProto(tenant, *out.add_tenants());
                     }
                     return {};
                   });
}

grpc::ServerUnaryReactor* IdentityService::GetTenant(grpc::CallbackServerContext* context,
                                                     const v1::GetTenantRequest* request,
                                                     v1::Tenant* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto&, auto& out) -> Result<void> {
                     const auto tenant = store::FindTenant(tx, ctx.tenant_id());
                     if (!tenant)
                       return Fail(Code::kNotFound, "TENANT_NOT_FOUND",
                                   "There is no such utility.");
                     ToProto(*tenant, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* IdentityService::UpdateSettings(grpc::CallbackServerContext* context,
                                                          const v1::UpdateSettingsRequest* request,
                                                          v1::Tenant* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(const auto tenant,
                                       usecases::UpdateSettings(
                                           tx, ctx, {in.settings().begin(), in.settings().end()}));
                      ToProto(tenant, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* IdentityService::CreateBranch(grpc::CallbackServerContext* context,
                                                        const v1::CreateBranchRequest* request,
                                                        v1::Branch* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(
                          const auto branch,
                          usecases::CreateBranch(tx, ctx, in.code(), in.name(), in.parent_id()));
                      ToProto(branch, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* IdentityService::ListBranches(grpc::CallbackServerContext* context,
                                                        const v1::ListBranchesRequest* request,
                                                        v1::ListBranchesResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto&, auto& out) -> Result<void> {
                     for (const auto& branch : store::ListBranches(tx, ctx.tenant_id())) {
                       ToProto(branch, *out.add_branches());
                     }
                     return {};
                   });
}

}  // namespace karez::identity::api
