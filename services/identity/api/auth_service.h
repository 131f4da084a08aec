// gRPC edge of AuthService.
#pragma once

#include <string>

#include "karez/identity/v1/identity.grpc.pb.h"

#include "libs/rpc/server.h"
#include "services/identity/api/revocation_feed.h"
#include "services/identity/usecases/session_start.h"

namespace karez::identity::api {

class AuthService final : public v1::AuthService::CallbackService {
 public:
  // `keys_directory`: public keys of all processes.
  AuthService(rpc::Server& server, usecases::SessionTools tools, RevocationFeed& feed,
              std::string keys_directory)
      : server_(server), tools_(tools), feed_(feed), keys_directory_(std::move(keys_directory)) {}

  grpc::ServerUnaryReactor* SignIn(grpc::CallbackServerContext* context,
                                   const v1::SignInRequest* request,
                                   v1::SignInResponse* response) override;
  grpc::ServerUnaryReactor* RefreshSession(grpc::CallbackServerContext* context,
                                           const v1::RefreshSessionRequest* request,
                                           v1::SignInResponse* response) override;
  grpc::ServerUnaryReactor* SignOut(grpc::CallbackServerContext* context,
                                    const v1::SignOutRequest* request,
                                    v1::SignOutResponse* response) override;
  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context,
                                       const v1::GetSessionRequest* request,
                                       v1::Session* response) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const v1::ChangePasswordRequest* request,
                                           v1::ChangePasswordResponse* response) override;
  grpc::ServerUnaryReactor* ListKeys(grpc::CallbackServerContext* context,
                                     const v1::ListKeysRequest* request,
                                     v1::ListKeysResponse* response) override;
  grpc::ServerWriteReactor<v1::Revocations>* WatchRevocations(
      grpc::CallbackServerContext* context, const v1::WatchRevocationsRequest* request) override;

 private:
  rpc::Server& server_;
  usecases::SessionTools tools_;
  RevocationFeed& feed_;
  std::string keys_directory_;
};

}  // namespace karez::identity::api
