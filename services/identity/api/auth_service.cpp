#include "services/identity/api/auth_service.h"

#include "libs/rpc/call.h"
#include "services/identity/api/convert.h"
#include "services/identity/store/staff_store.h"
#include "services/identity/store/tenant_store.h"
#include "services/identity/usecases/change_password.h"
#include "services/identity/usecases/refresh_session.h"
#include "services/identity/usecases/sign_in.h"

namespace karez::identity::api {
namespace {

// The caller as he is now, not as his token says.
Result<usecases::SessionView> ReadSession(pg::Tx& tx, const Context& context,
                                          const PermissionCatalogue& permissions) {
  const auto id = StaffId::Parse(context.principal().subject);
  const auto session = SessionId::Parse(context.principal().session);
  if (!id || !session) {
    return Fail(Code::kNotFound, "NO_SESSION", "A service has no session.");
  }
  const TenantId tenant_id = context.tenant_id();
  ASSIGN_OR_RETURN(const Staff staff, store::GetStaff(tx, tenant_id, *id));
  const auto tenant = store::FindTenant(tx, tenant_id);
  if (!tenant) return Fail(Code::kNotFound, "TENANT_NOT_FOUND", "There is no such utility.");
  return usecases::SessionView{*session, staff, *tenant,
                               usecases::GrantsOf(tx, tenant_id, staff, permissions)};
}

}  // namespace

grpc::ServerUnaryReactor* AuthService::SignIn(grpc::CallbackServerContext* context,
                                              const v1::SignInRequest* request,
                                              v1::SignInResponse* response) {
  return rpc::Unary(
      server_, context, request, response,
      [this](const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(
            const auto signed_in,
            usecases::SignIn(tools_, ctx, {in.tenant_code(), in.staff_name(), in.password()}));
        ToProto(signed_in, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AuthService::RefreshSession(grpc::CallbackServerContext* context,
                                                      const v1::RefreshSessionRequest* request,
                                                      v1::SignInResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [this](const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(const auto signed_in,
                                       usecases::RefreshSession(tools_, ctx, in.refresh_token()));
                      ToProto(signed_in, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* AuthService::SignOut(grpc::CallbackServerContext* context,
                                               const v1::SignOutRequest* request,
                                               v1::SignOutResponse* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto&, auto&) -> Result<void> {
                      return usecases::SignOut(tx, ctx);
                    });
}

grpc::ServerUnaryReactor* AuthService::GetSession(grpc::CallbackServerContext* context,
                                                  const v1::GetSessionRequest* request,
                                                  v1::Session* response) {
  return rpc::Read(server_, context, request, response,
                   [this](pg::Tx& tx, const Context& ctx, const auto&, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto view, ReadSession(tx, ctx, tools_.permissions));
                     ToProto(view, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* AuthService::ChangePassword(grpc::CallbackServerContext* context,
                                                      const v1::ChangePasswordRequest* request,
                                                      v1::ChangePasswordResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [this](const Context& ctx, const auto& in, auto&) -> Result<void> {
                      return usecases::ChangePassword(tools_, ctx, in.old_password(),
                                                      in.new_password());
                    });
}

grpc::ServerUnaryReactor* AuthService::ListKeys(grpc::CallbackServerContext* context,
                                                const v1::ListKeysRequest* request,
                                                v1::ListKeysResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [this](const Context&, const auto&, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(const auto keys, auth::PublicKeysIn(keys_directory_));
                      for (const auto& key : keys) {
                        auto& one = *out.add_keys();
                        one.set_kty("OKP");
                        one.set_crv("Ed25519");
                        one.set_kid(key.id);
                        one.set_x(key.x);
                      }
                      return {};
                    });
}

grpc::ServerWriteReactor<v1::Revocations>* AuthService::WatchRevocations(
    grpc::CallbackServerContext* context, const v1::WatchRevocationsRequest* request) {
  return feed_.Watch(rpc::Authorise(server_, *context, *request));
}

}  // namespace karez::identity::api
