// The gRPC edge of billing: decodes, calls, encodes. Refusals as karez/billing/v1/billing.proto
// says.
#pragma once

#include "karez/billing/v1/billing.grpc.pb.h"

#include "libs/rpc/server.h"

namespace karez::billing::api {

class BillingService final : public v1::BillingService::CallbackService {
 public:
  explicit BillingService(rpc::Server& server) : server_(server) {}

  grpc::ServerUnaryReactor* PublishTariff(grpc::CallbackServerContext* context,
                                          const v1::PublishTariffRequest* request,
                                          v1::Tariff* response) override;
  grpc::ServerUnaryReactor* ListTariffs(grpc::CallbackServerContext* context,
                                        const v1::ListTariffsRequest* request,
                                        v1::ListTariffsResponse* response) override;
  grpc::ServerUnaryReactor* SimulateTariff(grpc::CallbackServerContext* context,
                                           const v1::SimulateTariffRequest* request,
                                           v1::SimulateTariffResponse* response) override;
  grpc::ServerUnaryReactor* SimulateForAccount(grpc::CallbackServerContext* context,
                                               const v1::SimulateForAccountRequest* request,
                                               v1::SimulateTariffResponse* response) override;
  grpc::ServerUnaryReactor* StartBillRun(grpc::CallbackServerContext* context,
                                         const v1::StartBillRunRequest* request,
                                         v1::BillRun* response) override;
  grpc::ServerUnaryReactor* GetBillRun(grpc::CallbackServerContext* context,
                                       const v1::GetBillRunRequest* request,
                                       v1::BillRun* response) override;
  grpc::ServerUnaryReactor* ListBillRuns(grpc::CallbackServerContext* context,
                                         const v1::ListBillRunsRequest* request,
                                         v1::ListBillRunsResponse* response) override;
  grpc::ServerWriteReactor<v1::BillRun>* WatchBillRun(
      grpc::CallbackServerContext* context, const v1::WatchBillRunRequest* request) override;
  grpc::ServerUnaryReactor* ListReviewItems(grpc::CallbackServerContext* context,
                                            const v1::ListReviewItemsRequest* request,
                                            v1::ListReviewItemsResponse* response) override;
  grpc::ServerUnaryReactor* DecideReviewItem(grpc::CallbackServerContext* context,
                                             const v1::DecideReviewItemRequest* request,
                                             v1::ReviewItem* response) override;
  grpc::ServerUnaryReactor* GetBill(grpc::CallbackServerContext* context,
                                    const v1::GetBillRequest* request, v1::Bill* response) override;
  grpc::ServerUnaryReactor* ListBills(grpc::CallbackServerContext* context,
                                      const v1::ListBillsRequest* request,
                                      v1::ListBillsResponse* response) override;
  grpc::ServerUnaryReactor* ReverseBill(grpc::CallbackServerContext* context,
                                        const v1::ReverseBillRequest* request,
                                        v1::Bill* response) override;
  grpc::ServerUnaryReactor* GetBalance(grpc::CallbackServerContext* context,
                                       const v1::GetBalanceRequest* request,
                                       v1::Balance* response) override;
  grpc::ServerUnaryReactor* CollectPayment(grpc::CallbackServerContext* context,
                                           const v1::CollectPaymentRequest* request,
                                           v1::Payment* response) override;
  grpc::ServerUnaryReactor* ReversePayment(grpc::CallbackServerContext* context,
                                           const v1::ReversePaymentRequest* request,
                                           v1::Payment* response) override;
  grpc::ServerUnaryReactor* GetPayment(grpc::CallbackServerContext* context,
                                       const v1::GetPaymentRequest* request,
                                       v1::Payment* response) override;
  grpc::ServerUnaryReactor* ListPayments(grpc::CallbackServerContext* context,
                                         const v1::ListPaymentsRequest* request,
                                         v1::ListPaymentsResponse* response) override;
  grpc::ServerUnaryReactor* ListTransfers(grpc::CallbackServerContext* context,
                                          const v1::ListTransfersRequest* request,
                                          v1::ListTransfersResponse* response) override;
  grpc::ServerUnaryReactor* GetBillingSummary(grpc::CallbackServerContext* context,
                                              const v1::GetBillingSummaryRequest* request,
                                              v1::BillingSummary* response) override;

 private:
  rpc::Server& server_;
};

}  // namespace karez::billing::api
