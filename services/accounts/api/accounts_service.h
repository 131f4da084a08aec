// The gRPC edge of accounts: decode, call, encode.
#pragma once

#include "karez/accounts/v1/accounts.grpc.pb.h"

#include "libs/auth/secrets.h"
#include "libs/jobs/import.h"
#include "libs/rpc/server.h"

namespace karez::accounts::api {

// The arguments must outlive it.
class AccountsService final : public v1::AccountsService::CallbackService {
 public:
  AccountsService(rpc::Server& server, const auth::Sealer& sealer,
                  const karez::jobs::Imports& imports)
      : server_(server), sealer_(sealer), imports_(imports) {}

  grpc::ServerUnaryReactor* CreateCustomer(grpc::CallbackServerContext* context,
                                           const v1::CreateCustomerRequest* request,
                                           v1::Customer* response) override;
  grpc::ServerUnaryReactor* GetCustomer(grpc::CallbackServerContext* context,
                                        const v1::GetCustomerRequest* request,
                                        v1::Customer* response) override;
  grpc::ServerUnaryReactor* RevealCustomer(grpc::CallbackServerContext* context,
                                           const v1::RevealCustomerRequest* request,
                                           v1::Customer* response) override;

  grpc::ServerUnaryReactor* CreateAddress(grpc::CallbackServerContext* context,
                                          const v1::CreateAddressRequest* request,
                                          v1::Address* response) override;
  grpc::ServerUnaryReactor* ListAddresses(grpc::CallbackServerContext* context,
                                          const v1::ListAddressesRequest* request,
                                          v1::ListAddressesResponse* response) override;

  grpc::ServerUnaryReactor* OpenAccount(grpc::CallbackServerContext* context,
                                        const v1::OpenAccountRequest* request,
                                        v1::OpenAccountResponse* response) override;
  grpc::ServerUnaryReactor* GetAccount(grpc::CallbackServerContext* context,
                                       const v1::GetAccountRequest* request,
                                       v1::Account* response) override;
  grpc::ServerUnaryReactor* ListAccounts(grpc::CallbackServerContext* context,
                                         const v1::ListAccountsRequest* request,
                                         v1::ListAccountsResponse* response) override;
  grpc::ServerUnaryReactor* ChangeHousehold(grpc::CallbackServerContext* context,
                                            const v1::ChangeHouseholdRequest* request,
                                            v1::Account* response) override;
  grpc::ServerUnaryReactor* BindMeter(grpc::CallbackServerContext* context,
                                      const v1::BindMeterRequest* request,
                                      v1::Account* response) override;
  grpc::ServerUnaryReactor* UnbindMeter(grpc::CallbackServerContext* context,
                                        const v1::UnbindMeterRequest* request,
                                        v1::Account* response) override;
  grpc::ServerUnaryReactor* CloseAccount(grpc::CallbackServerContext* context,
                                         const v1::CloseAccountRequest* request,
                                         v1::Account* response) override;
  grpc::ServerUnaryReactor* ListCases(grpc::CallbackServerContext* context,
                                      const v1::ListCasesRequest* request,
                                      v1::ListCasesResponse* response) override;

  grpc::ServerUnaryReactor* SearchAccounts(grpc::CallbackServerContext* context,
                                           const v1::SearchAccountsRequest* request,
                                           v1::SearchAccountsResponse* response) override;
  grpc::ServerUnaryReactor* GetAccountView(grpc::CallbackServerContext* context,
                                           const v1::GetAccountViewRequest* request,
                                           v1::AccountView* response) override;

  grpc::ServerUnaryReactor* ImportAccounts(grpc::CallbackServerContext* context,
                                           const v1::ImportAccountsRequest* request,
                                           common::v1::Operation* response) override;
  grpc::ServerUnaryReactor* GetImport(grpc::CallbackServerContext* context,
                                      const v1::GetImportRequest* request,
                                      common::v1::Operation* response) override;
  grpc::ServerWriteReactor<common::v1::Operation>* WatchImport(
      grpc::CallbackServerContext* context, const v1::WatchImportRequest* request) override;
  grpc::ServerUnaryReactor* ListImportRows(grpc::CallbackServerContext* context,
                                           const v1::ListImportRowsRequest* request,
                                           v1::ListImportRowsResponse* response) override;

 private:
  rpc::Server& server_;
  const auth::Sealer& sealer_;
  const karez::jobs::Imports& imports_;
};

}  // namespace karez::accounts::api
