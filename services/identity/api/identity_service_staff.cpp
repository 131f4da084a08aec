// Roles and staff.
#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/identity/api/convert.h"
#include "services/identity/api/identity_service.h"
#include "services/identity/store/role_store.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/usecases/manage_staff.h"

namespace karez::identity::api {
namespace {

void RoleToProto(const Role& role, const Context& context, const PermissionCatalogue& catalogue,
                 v1::Role& out) {
  ToProto(role, role.PermissionsIn(catalogue, context.tenant_id()), out);
}

}  // namespace

grpc::ServerUnaryReactor* IdentityService::CreateRole(grpc::CallbackServerContext* context,
                                                      const v1::CreateRoleRequest* request,
                                                      v1::Role* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto role,
                         usecases::CreateRole(tx, ctx, permissions_, in.name(),
                                              {in.permissions().begin(), in.permissions().end()}));
        RoleToProto(role, ctx, permissions_, out);
        return {};
      });
}

grpc::ServerUnaryReactor* IdentityService::UpdateRole(grpc::CallbackServerContext* context,
                                                      const v1::UpdateRoleRequest* request,
                                                      v1::Role* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        const usecases::RoleChange change{
            in.role_id(), in.name(), {in.permissions().begin(), in.permissions().end()}, in.etag()};
        ASSIGN_OR_RETURN(const auto role, usecases::UpdateRole(tx, ctx, permissions_, change));
        RoleToProto(role, ctx, permissions_, out);
        return {};
      });
}

grpc::ServerUnaryReactor* IdentityService::ListRoles(grpc::CallbackServerContext* context,
                                                     const v1::ListRolesRequest* request,
                                                     v1::ListRolesResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [this](pg::Tx& tx, const Context& ctx, const auto&, auto& out) -> Result<void> {
                     for (const auto& role : store::ListRoles(tx, ctx.tenant_id())) {
                       RoleToProto(role, ctx, permissions_, *out.add_roles());
                     }
                     return {};
                   });
}

grpc::ServerUnaryReactor* IdentityService::CreateStaff(grpc::CallbackServerContext* context,
                                                       const v1::CreateStaffRequest* request,
                                                       v1::Staff* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto staff,
                         usecases::CreateStaff(tx, ctx, permissions_,
                                               {in.staff_name(), in.display_name(), in.password(),
                                                ToAssignment(in)}));
        ToProto(staff, out);
        return {};
      });
}

grpc::ServerUnaryReactor* IdentityService::UpdateStaff(grpc::CallbackServerContext* context,
                                                       const v1::UpdateStaffRequest* request,
                                                       v1::Staff* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto staff,
                         usecases::UpdateStaff(tx, ctx, permissions_,
                                               {in.staff_id(), in.display_name(), in.active(),
                                                ToAssignment(in), in.etag()}));
        ToProto(staff, out);
        return {};
      });
}

grpc::ServerUnaryReactor* IdentityService::GetStaff(grpc::CallbackServerContext* context,
                                                    const v1::GetStaffRequest* request,
                                                    v1::Staff* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     const auto id = StaffId::Parse(in.staff_id());
                     if (!id) return FailField("staff_id", id.error().message);
                     ASSIGN_OR_RETURN(const auto staff, store::GetStaff(tx, ctx.tenant_id(), *id));
                     ToProto(staff, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* IdentityService::ListStaff(grpc::CallbackServerContext* context,
                                                     const v1::ListStaffRequest* request,
                                                     v1::ListStaffResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), "staff", 1));
        const std::string after = page.after.empty() ? "" : page.after[0];
        for (const auto& staff : store::ListStaff(tx, ctx.tenant_id(), after, page.size + 1)) {
          if (out.staff_size() == page.size) {
            out.set_next_page_token(rpc::NextToken("staff", {out.staff().rbegin()->staff_name()}));
            break;
          }
          ToProto(staff, *out.add_staff());
        }
        return {};
      });
}

}  // namespace karez::identity::api
