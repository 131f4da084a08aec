// gRPC edge of IdentityService.
#pragma once

#include "karez/identity/v1/identity.grpc.pb.h"

#include "libs/rpc/server.h"
#include "services/identity/domain/permissions.h"

namespace karez::identity::api {

class IdentityService final : public v1::IdentityService::CallbackService {
 public:
  IdentityService(rpc::Server& server, const PermissionCatalogue& permissions)
      : server_(server), permissions_(permissions) {}

  grpc::ServerUnaryReactor* ListPermissions(grpc::CallbackServerContext* context,
                                            const v1::ListPermissionsRequest* request,
                                            v1::ListPermissionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateTenant(grpc::CallbackServerContext* context,
                                         const v1::CreateTenantRequest* request,
                                         v1::Tenant* response) override;
  grpc::ServerUnaryReactor* ListTenants(grpc::CallbackServerContext* context,
                                        const v1::ListTenantsRequest* request,
                                        v1::ListTenantsResponse* response) override;
  grpc::ServerUnaryReactor* GetTenant(grpc::CallbackServerContext* context,
                                      const v1::GetTenantRequest* request,
                                      v1::Tenant* response) override;
  grpc::ServerUnaryReactor* UpdateSettings(grpc::CallbackServerContext* context,
                                           const v1::UpdateSettingsRequest* request,
                                           v1::Tenant* response) override;
  grpc::ServerUnaryReactor* CreateBranch(grpc::CallbackServerContext* context,
                                         const v1::CreateBranchRequest* request,
                                         v1::Branch* response) override;
  grpc::ServerUnaryReactor* ListBranches(grpc::CallbackServerContext* context,
                                         const v1::ListBranchesRequest* request,
                                         v1::ListBranchesResponse* response) override;
  grpc::ServerUnaryReactor* CreateRole(grpc::CallbackServerContext* context,
                                       const v1::CreateRoleRequest* request,
                                       v1::Role* response) override;
  grpc::ServerUnaryReactor* UpdateRole(grpc::CallbackServerContext* context,
                                       const v1::UpdateRoleRequest* request,
                                       v1::Role* response) override;
  grpc::ServerUnaryReactor* ListRoles(grpc::CallbackServerContext* context,
                                      const v1::ListRolesRequest* request,
                                      v1::ListRolesResponse* response) override;
  grpc::ServerUnaryReactor* CreateStaff(grpc::CallbackServerContext* context,
                                        const v1::CreateStaffRequest* request,
                                        v1::Staff* response) override;
  grpc::ServerUnaryReactor* UpdateStaff(grpc::CallbackServerContext* context,
                                        const v1::UpdateStaffRequest* request,
                                        v1::Staff* response) override;
  grpc::ServerUnaryReactor* GetStaff(grpc::CallbackServerContext* context,
                                     const v1::GetStaffRequest* request,
                                     v1::Staff* response) override;
  grpc::ServerUnaryReactor* ListStaff(grpc::CallbackServerContext* context,
                                      const v1::ListStaffRequest* request,
                                      v1::ListStaffResponse* response) override;
  grpc::ServerUnaryReactor* ListAuditRecords(grpc::CallbackServerContext* context,
                                             const v1::ListAuditRecordsRequest* request,
                                             v1::ListAuditRecordsResponse* response) override;

 private:
  rpc::Server& server_;
  const PermissionCatalogue& permissions_;
};

}  // namespace karez::identity::api
