// CSV imports of accounts.
#include <charconv>

#include "libs/rpc/call.h"
#include "libs/rpc/operation_proto.h"
#include "libs/rpc/page.h"
#include "libs/rpc/watch.h"
#include "services/accounts/api/accounts_service.h"
#include "services/accounts/api/convert.h"
#include "services/accounts/usecases/import_account.h"

namespace karez::accounts::api {
namespace {

using karez::jobs::Operation;
using karez::jobs::OperationId;

// NOT_FOUND IMPORT_NOT_FOUND, also for an operation of another kind.
Result<Operation> FindImport(pg::Tx& tx, const Context& context, const std::string& kind,
                             const std::string& import_id) {
  ASSIGN_OR_RETURN(const auto id, ReadId<OperationId>("import_id", import_id));
  auto operation = karez::jobs::Get(tx, context, id);
  if (!operation || operation->kind != kind) {
    return Fail(Code::kNotFound, "IMPORT_NOT_FOUND", "No import has this import_id.");
  }
  return operation;
}

}  // namespace

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
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto operation,
                         FindImport(tx, ctx, imports_.kind(), in.import_id()));
        rpc::ToProto(operation, out);
        return {};
      });
}

grpc::ServerWriteReactor<common::v1::Operation>* AccountsService::WatchImport(
    grpc::CallbackServerContext* context, const v1::WatchImportRequest* request) {
  return rpc::Watch<v1::WatchImportRequest, common::v1::Operation>(
      server_, context, request,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<bool> {
        ASSIGN_OR_RETURN(const auto operation,
                         FindImport(tx, ctx, imports_.kind(), in.import_id()));
        rpc::ToProto(operation, out);
        return operation.state != karez::jobs::State::kRunning;
      });
}

grpc::ServerUnaryReactor* AccountsService::ListImportRows(grpc::CallbackServerContext* context,
                                                          const v1::ListImportRowsRequest* request,
                                                          v1::ListImportRowsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto operation,
                         FindImport(tx, ctx, imports_.kind(), in.import_id()));
        const std::string state = rpc::RowStateName(in.state());
        const std::string filter = "import rows " + operation.id.str() + " " + state;
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), filter, 1));
        int after = 0;
        if (!page.after.empty()) {
          const auto& text = page.after[0];
          std::from_chars(text.data(), text.data() + text.size(), after);
        }
        auto rows = karez::jobs::ListRows(tx, ctx, operation.id, state, after, page.size + 1);
        if (static_cast<int>(rows.size()) > page.size) {
          rows.pop_back();
          out.set_next_page_token(rpc::NextToken(filter, {std::to_string(rows.back().line)}));
        }
        for (const auto& row : rows) rpc::ToProto(row, *out.add_rows());
        return {};
      });
}

}  // namespace karez::accounts::api
