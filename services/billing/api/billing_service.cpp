// Bills, payments and the ledger.
#include "services/billing/api/billing_service.h"

#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/billing/api/convert.h"
#include "services/billing/store/account_store.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/ledger_store.h"
#include "services/billing/store/payment_store.h"
#include "services/billing/usecases/collect_payment.h"
#include "services/billing/usecases/reverse_bill.h"

namespace karez::billing::api {

grpc::ServerUnaryReactor* BillingService::GetBill(grpc::CallbackServerContext* context,
                                                  const v1::GetBillRequest* request,
                                                  v1::Bill* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     Violations bad;
                     const auto id = ReadId<BillId>(bad, "bill_id", in.bill_id());
                     RETURN_IF_ERROR(bad.Check());
                     ASSIGN_OR_RETURN(const auto record, store::GetBill(tx, ctx, id));
                     ToProto(record, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* BillingService::ListBills(grpc::CallbackServerContext* context,
                                                    const v1::ListBillsRequest* request,
                                                    v1::ListBillsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        store::BillFilter filter{
            .account = ReadOptionalId<AccountId>(bad, "account_id", in.account_id()),
            .month = std::nullopt,
            .open_only = in.open_only()};
        if (!in.month().empty()) filter.month = ReadMonth(bad, "month", in.month());
        RETURN_IF_ERROR(bad.Check());
        const std::string key =
            "bills:" + in.account_id() + ":" + in.month() + (in.open_only() ? ":open" : "");
        ASSIGN_OR_RETURN(const auto page, rpc::ReadPage(in.page_size(), in.page_token(), key, 2));
        std::optional<store::BillKey> after;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(const auto time, ParseInstant(page.after[0]));
          ASSIGN_OR_RETURN(const auto id, BillId::Parse(page.after[1]));
          after = store::BillKey{.issue_time = time, .id = id};
        }
        const auto records = store::ListBills(tx, ctx, filter, after, page.size + 1);
        for (std::size_t i = 0; i < records.size(); ++i) {
          if (out.bills_size() == page.size) {
            const Bill& last = records[i - 1].bill;
            out.set_next_page_token(
                rpc::NextToken(key, {FormatInstant(last.issue_time), last.id.str()}));
            break;
          }
          ToProto(records[i], *out.add_bills());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* BillingService::ReverseBill(grpc::CallbackServerContext* context,
                                                      const v1::ReverseBillRequest* request,
                                                      v1::Bill* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto id = ReadId<BillId>(bad, "bill_id", in.bill_id());
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const auto record,
                                       usecases::ReverseBill(tx, ctx, id, in.reason()));
                      ToProto(record, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::GetBalance(grpc::CallbackServerContext* context,
                                                     const v1::GetBalanceRequest* request,
                                                     v1::Balance* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     Violations bad;
                     const auto id = ReadId<AccountId>(bad, "account_id", in.account_id());
                     RETURN_IF_ERROR(bad.Check());
                     ASSIGN_OR_RETURN(const Account account, store::FindAccount(tx, ctx, id));
                     const AccountBalance balance = store::GetBalance(tx, ctx, id);
                     out.set_account_id(id.str());
                     out.set_account_number(account.number);
                     out.set_customer_name(account.customer_name);
                     out.set_arrears_fen(balance.arrears_fen);
                     out.set_credit_fen(balance.credit_fen);
                     for (const auto& record : store::ListOpenBills(tx, ctx, id))
                       ToProto(record, *out.add_open_bills());
                     return {};
                   });
}

grpc::ServerUnaryReactor* BillingService::CollectPayment(grpc::CallbackServerContext* context,
                                                         const v1::CollectPaymentRequest* request,
                                                         v1::Payment* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const usecases::Cash cash{
                          .account_id = ReadId<AccountId>(bad, "account_id", in.account_id()),
                          .amount_fen = in.amount_fen(),
                          .method = in.method(),
                          .keep_surplus_as_credit = in.keep_surplus_as_credit()};
                      RETURN_IF_ERROR(usecases::CheckCash(cash, bad));
                      ASSIGN_OR_RETURN(const auto record, usecases::CollectPayment(tx, ctx, cash));
                      ToProto(record, ctx.tenant().name, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::ReversePayment(grpc::CallbackServerContext* context,
                                                         const v1::ReversePaymentRequest* request,
                                                         v1::Payment* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      Violations bad;
                      const auto id = ReadId<PaymentId>(bad, "payment_id", in.payment_id());
                      RETURN_IF_ERROR(bad.Check());
                      ASSIGN_OR_RETURN(const auto record,
                                       usecases::ReversePayment(tx, ctx, id, in.reason()));
                      ToProto(record, ctx.tenant().name, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::GetPayment(grpc::CallbackServerContext* context,
                                                     const v1::GetPaymentRequest* request,
                                                     v1::Payment* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     Violations bad;
                     const auto id = ReadId<PaymentId>(bad, "payment_id", in.payment_id());
                     RETURN_IF_ERROR(bad.Check());
                     ASSIGN_OR_RETURN(const auto record, store::GetPayment(tx, ctx, id));
                     ToProto(record, ctx.tenant().name, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* BillingService::ListPayments(grpc::CallbackServerContext* context,
                                                       const v1::ListPaymentsRequest* request,
                                                       v1::ListPaymentsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        const auto account = ReadOptionalId<AccountId>(bad, "account_id", in.account_id());
        RETURN_IF_ERROR(bad.Check());
        const std::string key = "payments:" + in.account_id();
        ASSIGN_OR_RETURN(const auto page, rpc::ReadPage(in.page_size(), in.page_token(), key, 1));
        std::optional<PaymentId> after;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(after, PaymentId::Parse(page.after[0]));
        }
        for (const auto& record : store::ListPayments(tx, ctx, account, after, page.size + 1)) {
          if (out.payments_size() == page.size) {
            out.set_next_page_token(rpc::NextToken(key, {out.payments().rbegin()->payment_id()}));
            break;
          }
          ToProto(record, ctx.tenant().name, *out.add_payments());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* BillingService::ListTransfers(grpc::CallbackServerContext* context,
                                                        const v1::ListTransfersRequest* request,
                                                        v1::ListTransfersResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        const store::TransferFilter filter{
            .account = ReadOptionalId<AccountId>(bad, "account_id", in.account_id()),
            .cause_id = ReadOptionalId<Uuid>(bad, "cause_id", in.cause_id())};
        RETURN_IF_ERROR(bad.Check());
        const std::string key = "transfers:" + in.account_id() + ":" + in.cause_id();
        ASSIGN_OR_RETURN(const auto page, rpc::ReadPage(in.page_size(), in.page_token(), key, 2));
        std::optional<store::TransferKey> after;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(const auto time, ParseInstant(page.after[0]));
          ASSIGN_OR_RETURN(const auto id, TransferId::Parse(page.after[1]));
          after = store::TransferKey{.time = time, .id = id};
        }
        const auto transfers = store::ListTransfers(tx, ctx, filter, after, page.size + 1);
        for (std::size_t i = 0; i < transfers.size(); ++i) {
          if (out.transfers_size() == page.size) {
            const Transfer& last = transfers[i - 1];
            out.set_next_page_token(rpc::NextToken(key, {FormatInstant(last.time), last.id.str()}));
            break;
          }
          ToProto(transfers[i], *out.add_transfers());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* BillingService::GetBillingSummary(
    grpc::CallbackServerContext* context, const v1::GetBillingSummaryRequest* request,
    v1::BillingSummary* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto&, auto& out) -> Result<void> {
                     const store::Summary summary = store::Summarise(tx, ctx);
                     out.set_bills(summary.bills);
                     out.set_billed_fen(summary.billed_fen);
                     out.set_payments(summary.payments);
                     out.set_collected_fen(summary.collected_fen);
                     out.set_arrears_fen(summary.arrears_fen);
                     out.set_credit_fen(summary.credit_fen);
                     return {};
                   });
}

}  // namespace karez::billing::api
