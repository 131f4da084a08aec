// CSV imports of accounts.
#include "libs/rpc/imports.h"
#include "services/accounts/api/accounts_service.h"
#include "services/accounts/usecases/import_account.h"

namespace karez::accounts::api {
grpc::ServerUnaryReactor* AccountsService::ImportAccounts(grpc::CallbackServerContext* context,
                                                          const v1::ImportAccountsRequest* request,
                                                          common::v1::Operation* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        RETURN_IF_ERROR(usecases::CheckBranchesInScope(tx, ctx, in.csv()));
        ASSIGN_OR_RETURN(const auto operation, imports_.Begin(tx, ctx, in.csv(), in));
        rpc::ToProto(operation, out);
        return {};
      });
}

grpc::ServerUnaryReactor* AccountsService::GetImport(grpc::CallbackServerContext* context,
                                                     const v1::GetImportRequest* request,
                                                     common::v1::Operation* response) {
  return rpc::GetImport(server_, context, imports_, request, response);
}

grpc::ServerWriteReactor<common::v1::Operation>* AccountsService::WatchImport(
    grpc::CallbackServerContext* context, const v1::WatchImportRequest* request) {
  return rpc::WatchImport(server_, context, imports_, request);
}

grpc::ServerUnaryReactor* AccountsService::ListImportRows(grpc::CallbackServerContext* context,
                                                          const v1::ListImportRowsRequest* request,
                                                          v1::ListImportRowsResponse* response) {
  return rpc::ListImportRows(server_, context, imports_, request, response);
}

}  // namespace karez::accounts::api
