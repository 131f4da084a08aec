// Readings, days, and the account of frames.
#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "libs/rpc/status.h"
#include "services/metering/api/convert.h"
#include "services/metering/api/metering_service.h"
#include "services/metering/store/meter_store.h"

namespace karez::metering::api {
namespace {

constexpr int kMaxDays = 400;

Result<domain::MeterId> ParseMeterId(const std::string& text) {
  auto id = domain::MeterId::Parse(text);
  if (!id) return FailField("meter_id", "Must be a UUID.");
  return id;
}

struct Dates {
  LocalDate from, to;
};
// Both inclusive, at most kMaxDays. INVALID_ARGUMENT with all violations.
Result<Dates> ParseDates(const std::string& from_text, const std::string& to_text) {
  Violations bad;
  const auto from = ParseDate(from_text);
  const auto to = ParseDate(to_text);
  if (!from) bad.Add("from_date", "Must be a date such as 2026-10-01.");
  if (!to) bad.Add("to_date", "Must be a date such as 2026-10-31.");
  if (from && to && *to < *from) bad.Add("to_date", "Must not be before from_date.");
  if (from && to && DaysBetween(*from, *to) >= kMaxDays) {
    bad.Add("to_date", "Must be less than 400 days after from_date.");
  }
  RETURN_IF_ERROR(bad.Check());
  return Dates{*from, *to};
}

Result<store::ReadingFilter> ParseFilter(const v1::ListReadingsRequest& in) {
  store::ReadingFilter filter;
  Violations bad;
  const auto id = ParseMeterId(in.meter_id());
  if (!id) bad.Add("", id.error());
  if (id) filter.meter_id = *id;
  const auto time = [&](const char* field, bool has, const google::protobuf::Timestamp& value,
                        std::optional<Instant>& out) {
    if (!has) return;
    const auto parsed = rpc::FromProto(value);
    if (!parsed) bad.Add(field, "Must be a time between the years 1 and 9999.");
    if (parsed) out = *parsed;
  };
  time("from_time", in.has_from_time(), in.from_time(), filter.from);
  time("to_time", in.has_to_time(), in.to_time(), filter.to);
  if (filter.from && filter.to && *filter.to < *filter.from) {
    bad.Add("to_time", "Must not be before from_time.");
  }
  RETURN_IF_ERROR(bad.Check());
  return filter;
}

}  // namespace

grpc::ServerUnaryReactor* MeteringService::ListReadings(grpc::CallbackServerContext* context,
                                                        const v1::ListReadingsRequest* request,
                                                        v1::ListReadingsResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(auto filter, ParseFilter(in));
                     const std::string text = "readings|" + in.meter_id() + "|" +
                                              in.from_time().ShortDebugString() + "|" +
                                              in.to_time().ShortDebugString();
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), text, 1));
                     if (!page.after.empty()) {
                       ASSIGN_OR_RETURN(filter.before, ParseInstant(page.after[0]));
                     }
                     RETURN_IF_ERROR(store::GetMeter(tx, ctx, filter.meter_id));
                     filter.limit = page.size + 1;
                     auto readings = store::ListReadings(tx, ctx, filter);
                     if (readings.size() > static_cast<std::size_t>(page.size)) {
                       readings.pop_back();
                       out.set_next_page_token(
                           rpc::NextToken(text, {FormatInstant(readings.back().point.time)}));
                     }
                     for (const auto& reading : readings) ToProto(reading, *out.add_readings());
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListDays(grpc::CallbackServerContext* context,
                                                    const v1::ListDaysRequest* request,
                                                    v1::ListDaysResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto meter, ParseMeterId(in.meter_id()));
                     ASSIGN_OR_RETURN(const auto dates, ParseDates(in.from_date(), in.to_date()));
                     RETURN_IF_ERROR(store::GetMeter(tx, ctx, meter));
                     for (const auto& day : store::ListDays(tx, ctx, meter, dates.from, dates.to)) {
                       ToProto(day, *out.add_days());
                     }
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListFrameAccounts(
    grpc::CallbackServerContext* context, const v1::ListFrameAccountsRequest* request,
    v1::ListFrameAccountsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto dates, ParseDates(in.from_date(), in.to_date()));
        for (const auto& account : store::ListFrameAccounts(tx, ctx, dates.from, dates.to)) {
          ToProto(account, *out.add_days());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::ListEdgeAccounts(
    grpc::CallbackServerContext* context, const v1::ListEdgeAccountsRequest* request,
    v1::ListEdgeAccountsResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context&, const auto&, auto& out) -> Result<void> {
                     for (const auto& account : store::ListEdgeAccounts(tx)) {
                       ToProto(account, *out.add_edges());
                     }
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListQuarantine(grpc::CallbackServerContext* context,
                                                          const v1::ListQuarantineRequest* request,
                                                          v1::ListQuarantineResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     const std::string filter = "quarantine|" + in.reason();
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), filter, 1));
                     std::optional<domain::FrameId> before;
                     if (!page.after.empty()) {
                       ASSIGN_OR_RETURN(before, domain::FrameId::Parse(page.after[0]));
                     }
                     auto frames =
                         store::ListQuarantine(tx, ctx, in.reason(), before, page.size + 1);
                     if (frames.size() > static_cast<std::size_t>(page.size)) {
                       frames.pop_back();
                       out.set_next_page_token(rpc::NextToken(filter, {frames.back().id.str()}));
                     }
                     for (const auto& frame : frames) ToProto(frame, *out.add_frames());
                     return {};
                   });
}

}  // namespace karez::metering::api
