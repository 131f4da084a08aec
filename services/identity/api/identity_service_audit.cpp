// The audit log.
#include <charconv>

#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "libs/rpc/status.h"
#include "services/identity/api/convert.h"
#include "services/identity/api/identity_service.h"
#include "services/identity/store/audit_store.h"

namespace karez::identity::api {
namespace {

Result<store::AuditFilter> ToFilter(const v1::ListAuditRecordsRequest& in) {
  store::AuditFilter filter;
  filter.subject = in.subject();
  filter.method = in.method();
  Violations bad;
  const auto read = [&bad](const char* field, const google::protobuf::Timestamp& value) {
    const auto instant = rpc::FromProto(value);
    if (!instant) bad.Add(field, instant.error());
    return instant ? std::optional(*instant) : std::nullopt;
  };
  if (in.has_from_time()) filter.from = read("from_time", in.from_time());
  if (in.has_to_time()) filter.to = read("to_time", in.to_time());
  RETURN_IF_ERROR(bad.Check());
  return filter;
}

// A page token is bound to the filter it was made for.
std::string FilterText(const store::AuditFilter& filter) {
  return "audit\n" + filter.subject + "\n" + filter.method + "\n" +
         (filter.from ? FormatInstant(*filter.from) : "") + "\n" +
         (filter.to ? FormatInstant(*filter.to) : "");
}

}  // namespace

grpc::ServerUnaryReactor* IdentityService::ListAuditRecords(
    grpc::CallbackServerContext* context, const v1::ListAuditRecordsRequest* request,
    v1::ListAuditRecordsResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto filter, ToFilter(in));
                     const std::string bound_to = FilterText(filter);
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), bound_to, 1));
                     std::optional<std::int64_t> before;
                     if (!page.after.empty()) {
                       const std::string& text = page.after[0];
                       std::from_chars(text.data(), text.data() + text.size(), before.emplace(0));
                     }
                     const auto records =
                         store::ListAudit(tx, ctx.tenant_id(), filter, before, page.size + 1);
                     for (const auto& record : records) {
                       if (out.records_size() == page.size) {
                         out.set_next_page_token(rpc::NextToken(
                             bound_to, {std::to_string(out.records().rbegin()->sequence())}));
                         break;
                       }
                       ToProto(record, *out.add_records());
                     }
                     return {};
                   });
}

}  // namespace karez::identity::api
