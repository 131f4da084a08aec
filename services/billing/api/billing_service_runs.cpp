// Bill runs and the review in front of them.
#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "libs/rpc/watch.h"
#include "services/billing/api/billing_service.h"
#include "services/billing/api/convert.h"
#include "services/billing/store/review_store.h"
#include "services/billing/store/run_store.h"
#include "services/billing/usecases/decide_review.h"
#include "services/billing/usecases/start_bill_run.h"

namespace karez::billing::api {
namespace {

// The run with its operation.
Result<void> Show(pg::Tx& tx, const Context& context, const BillRun& run, v1::BillRun& out) {
  ASSIGN_OR_RETURN(const auto operation, jobs::Get(tx, context, jobs::OperationId(run.id.value())));
  ToProto(run, operation, out);
  return {};
}

Result<void> ShowById(pg::Tx& tx, const Context& context, const std::string& text,
                      v1::BillRun& out) {
  Violations bad;
  const auto id = ReadId<RunId>(bad, "bill_run_id", text);
  RETURN_IF_ERROR(bad.Check());
  ASSIGN_OR_RETURN(const BillRun run, store::GetRun(tx, context, id));
  return Show(tx, context, run, out);
}

}  // namespace

grpc::ServerUnaryReactor* BillingService::StartBillRun(grpc::CallbackServerContext* context,
                                                       const v1::StartBillRunRequest* request,
                                                       v1::BillRun* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto month = ReadMonth(bad, "month", in.month());
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const BillRun run, usecases::StartBillRun(tx, ctx, month));
                      RETURN_IF_ERROR(Show(tx, ctx, run, out));
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::GetBillRun(grpc::CallbackServerContext* context,
                                                     const v1::GetBillRunRequest* request,
                                                     v1::BillRun* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     RETURN_IF_ERROR(ShowById(tx, ctx, in.bill_run_id(), out));
                     return {};
                   });
}

grpc::ServerUnaryReactor* BillingService::ListBillRuns(grpc::CallbackServerContext* context,
                                                       const v1::ListBillRunsRequest* request,
                                                       v1::ListBillRunsResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto page,
                                      rpc::ReadPage(in.page_size(), in.page_token(), "runs", 1));
                     std::optional<RunId> after;
                     if (!page.after.empty()) {
                       ASSIGN_OR_RETURN(after, RunId::Parse(page.after[0]));
                     }
                     for (const BillRun& run : store::ListRuns(tx, ctx, after, page.size + 1)) {
                       if (out.bill_runs_size() == page.size) {
                         out.set_next_page_token(
                             rpc::NextToken("runs", {out.bill_runs().rbegin()->bill_run_id()}));
                         break;
                       }
                       RETURN_IF_ERROR(Show(tx, ctx, run, *out.add_bill_runs()));
                     }
                     return {};
                   });
}

grpc::ServerWriteReactor<v1::BillRun>* BillingService::WatchBillRun(
    grpc::CallbackServerContext* context, const v1::WatchBillRunRequest* request) {
  return rpc::Watch<v1::WatchBillRunRequest, v1::BillRun>(
      server_, context, request,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<bool> {
        RETURN_IF_ERROR(ShowById(tx, ctx, in.bill_run_id(), out));
        const auto state = out.operation().state();
        return state != common::v1::Operation::STATE_RUNNING &&
               state != common::v1::Operation::STATE_WAITING;
      });
}

grpc::ServerUnaryReactor* BillingService::ListReviewItems(grpc::CallbackServerContext* context,
                                                          const v1::ListReviewItemsRequest* request,
                                                          v1::ListReviewItemsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        std::optional<Month> month;
        if (!in.month().empty()) month = ReadMonth(bad, "month", in.month());
        RETURN_IF_ERROR(bad.Check());
        const std::string filter = "reviews:" + in.month() + (in.open_only() ? ":open" : "");
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), filter, 2));
        std::optional<store::ReviewKey> after;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(const auto day, ParseDate(page.after[0]));
          ASSIGN_OR_RETURN(const auto id, ReviewItemId::Parse(page.after[1]));
          after = store::ReviewKey{.month = day, .id = id};
        }
        const auto items = store::ListItems(tx, ctx, month, in.open_only(), after, page.size + 1);
        for (std::size_t i = 0; i < items.size(); ++i) {
          if (out.review_items_size() == page.size) {
            const ReviewItem& last = items[i - 1].item;
            out.set_next_page_token(
                rpc::NextToken(filter, {FormatDate(FirstDay(last.month)), last.id.str()}));
            break;
          }
          ToProto(items[i], *out.add_review_items());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* BillingService::DecideReviewItem(
    grpc::CallbackServerContext* context, const v1::DecideReviewItemRequest* request,
    v1::ReviewItem* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const usecases::ReviewDecision wish{
                          .id = ReadId<ReviewItemId>(bad, "review_item_id", in.review_item_id()),
                          .decision = static_cast<Decision>(in.decision()),
                          .volume_ml = in.volume_ml(),
                          .note = in.note()};
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const auto record, usecases::DecideReview(tx, ctx, wish));
                      ToProto(record, out);
                      return {};
                    });
}

}  // namespace karez::billing::api
