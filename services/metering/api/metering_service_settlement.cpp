// Settlement: begin, follow, read.
#include "libs/rpc/call.h"
#include "libs/rpc/operation_proto.h"
#include "libs/rpc/page.h"
#include "libs/rpc/watch.h"
#include "services/metering/api/convert.h"
#include "services/metering/api/metering_service.h"
#include "services/metering/usecases/settle_account.h"
#include "services/metering/usecases/settle_month.h"

namespace karez::metering::api {
namespace {

Result<Month> ParseMonthField(const std::string& text) {
  auto month = ParseMonth(text);
  if (!month) return FailField("month", "Must be a month such as 2026-10.");
  return month;
}

// The settlement with its operation. False in the result while it runs.
Result<bool> ReadSettlement(pg::Tx& tx, const Context& context, const std::string& settlement_id,
                            v1::Settlement& out) {
  const auto id = store::SettlementId::Parse(settlement_id);
  if (!id) return FailField("settlement_id", "Must be a UUID.");
  ASSIGN_OR_RETURN(const auto settlement, store::GetSettlement(tx, context, *id));
  ASSIGN_OR_RETURN(const auto operation, jobs::Get(tx, context, *id));
  ToProto(settlement, out);
  rpc::ToProto(operation, *out.mutable_operation());
  return operation.state != jobs::State::kRunning;
}

}  // namespace

grpc::ServerUnaryReactor* MeteringService::SettleMonth(grpc::CallbackServerContext* context,
                                                       const v1::SettleMonthRequest* request,
                                                       v1::Settlement* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(const Month month, ParseMonthField(in.month()));
                      ASSIGN_OR_RETURN(const auto settlement,
                                       usecases::BeginSettleMonth(tx, ctx, month, in));
                      RETURN_IF_ERROR(ReadSettlement(tx, ctx, settlement.id.str(), out));
                      return {};
                    });
}

grpc::ServerUnaryReactor* MeteringService::SettleAccount(grpc::CallbackServerContext* context,
                                                         const v1::SettleAccountRequest* request,
                                                         v1::SettleAccountResponse* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      const auto id = domain::AccountId::Parse(in.account_id());
                      if (!id) return FailField("account_id", "Must be a UUID.");
                      ASSIGN_OR_RETURN(const auto lines, usecases::SettleAccount(tx, ctx, *id));
                      for (const auto& line : lines) ToProto(line, *out.add_lines());
                      return {};
                    });
}

grpc::ServerUnaryReactor* MeteringService::GetSettlement(grpc::CallbackServerContext* context,
                                                         const v1::GetSettlementRequest* request,
                                                         v1::Settlement* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     RETURN_IF_ERROR(ReadSettlement(tx, ctx, in.settlement_id(), out));
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListSettlements(
    grpc::CallbackServerContext* context, const v1::ListSettlementsRequest* request,
    v1::ListSettlementsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), "settlements", 1));
        std::optional<store::SettlementId> before;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(before, store::SettlementId::Parse(page.after[0]));
        }
        auto settlements = store::ListSettlements(tx, ctx, before, page.size + 1);
        if (settlements.size() > static_cast<std::size_t>(page.size)) {
          settlements.pop_back();
          out.set_next_page_token(rpc::NextToken("settlements", {settlements.back().id.str()}));
        }
        for (const auto& settlement : settlements) {
          RETURN_IF_ERROR(ReadSettlement(tx, ctx, settlement.id.str(), *out.add_settlements()));
        }
        return {};
      });
}

grpc::ServerWriteReactor<v1::Settlement>* MeteringService::WatchSettlement(
    grpc::CallbackServerContext* context, const v1::WatchSettlementRequest* request) {
  return rpc::Watch<v1::WatchSettlementRequest, v1::Settlement>(
      server_, context, request,
      [](pg::Tx& tx, const Context& ctx, const v1::WatchSettlementRequest& in, v1::Settlement& out)
          -> Result<bool> { return ReadSettlement(tx, ctx, in.settlement_id(), out); });
}

grpc::ServerUnaryReactor* MeteringService::ListSettlementLines(
    grpc::CallbackServerContext* context, const v1::ListSettlementLinesRequest* request,
    v1::ListSettlementLinesResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        store::LineFilter filter;
        ASSIGN_OR_RETURN(filter.month, ParseMonthField(in.month()));
        const std::string text = "lines|" + in.month();
        ASSIGN_OR_RETURN(const auto page, rpc::ReadPage(in.page_size(), in.page_token(), text, 2));
        if (!page.after.empty()) {
          filter.after_number = page.after[0];
          ASSIGN_OR_RETURN(filter.after_id, domain::LineId::Parse(page.after[1]));
        }
        filter.limit = page.size + 1;
        auto lines = store::ListLines(tx, ctx, filter);
        if (lines.size() > static_cast<std::size_t>(page.size)) {
          lines.pop_back();
          out.set_next_page_token(
              rpc::NextToken(text, {lines.back().meter_number, lines.back().id.str()}));
        }
        for (const auto& line : lines) ToProto(line, *out.add_lines());
        return {};
      });
}

}  // namespace karez::metering::api
