// The RPCs about a CSV import, the same in every service: requests carry import_id, that for the
// rows also state, page_size and page_token (see karez/common/v1/operation.proto).
#pragma once

#include <string>

#include "libs/jobs/import.h"
#include "libs/rpc/call.h"
#include "libs/rpc/operation_proto.h"
#include "libs/rpc/watch.h"

namespace karez::rpc {

// NOT_FOUND IMPORT_NOT_FOUND, also for an operation of another kind.
Result<jobs::Operation> FindImport(pg::Tx& tx, const Context& context, const jobs::Imports& imports,
                                   const std::string& import_id);

struct ImportRowsPage {
  std::vector<jobs::ImportedRow> rows;
  std::string next_token;  // empty after the last page
};
Result<ImportRowsPage> ReadImportRows(pg::Tx& tx, const Context& context,
                                      const jobs::Imports& imports, const std::string& import_id,
                                      common::v1::ImportRow::State state, std::int32_t page_size,
                                      const std::string& page_token);

template <class Request>
grpc::ServerUnaryReactor* GetImport(Server& server, grpc::CallbackServerContext* context,
                                    const jobs::Imports& imports, const Request* request,
                                    common::v1::Operation* response) {
  return Read(
      server, context, request, response,
      [&imports](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto operation, FindImport(tx, ctx, imports, in.import_id()));
        ToProto(operation, out);
        return {};
      });
}

template <class Request>
grpc::ServerWriteReactor<common::v1::Operation>* WatchImport(Server& server,
                                                             grpc::CallbackServerContext* context,
                                                             const jobs::Imports& imports,
                                                             const Request* request) {
  return Watch<Request, common::v1::Operation>(
      server, context, request,
      [&imports](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<bool> {
        ASSIGN_OR_RETURN(const auto operation, FindImport(tx, ctx, imports, in.import_id()));
        ToProto(operation, out);
        return operation.state != jobs::State::kRunning;
      });
}

template <class Request, class Response>
grpc::ServerUnaryReactor* ListImportRows(Server& server, grpc::CallbackServerContext* context,
                                         const jobs::Imports& imports, const Request* request,
                                         Response* response) {
  return Read(
      server, context, request, response,
      [&imports](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         ReadImportRows(tx, ctx, imports, in.import_id(), in.state(),
                                        in.page_size(), in.page_token()));
        for (const auto& row : page.rows) ToProto(row, *out.add_rows());
        out.set_next_page_token(page.next_token);
        return {};
      });
}

}  // namespace karez::rpc
