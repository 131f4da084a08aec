// gRPC edge of MeteringService.
#pragma once

#include "karez/metering/v1/metering.grpc.pb.h"

#include "libs/jobs/import.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "libs/rpc/server.h"

namespace karez::metering::api {

class MeteringService final : public v1::MeteringService::CallbackService {
 public:
  // All three must outlive the service.
  MeteringService(rpc::Server& server, const protocols::ProfileCatalogue& profiles,
                  const karez::jobs::Imports& imports)
      : server_(server), profiles_(profiles), imports_(imports) {}

  grpc::ServerUnaryReactor* CreateMeter(grpc::CallbackServerContext* context,
                                        const v1::CreateMeterRequest* request,
                                        v1::Meter* response) override;
  grpc::ServerUnaryReactor* GetMeter(grpc::CallbackServerContext* context,
                                     const v1::GetMeterRequest* request,
                                     v1::Meter* response) override;
  grpc::ServerUnaryReactor* ListMeters(grpc::CallbackServerContext* context,
                                       const v1::ListMetersRequest* request,
                                       v1::ListMetersResponse* response) override;
  grpc::ServerUnaryReactor* CreateTerminal(grpc::CallbackServerContext* context,
                                           const v1::CreateTerminalRequest* request,
                                           v1::Terminal* response) override;
  grpc::ServerUnaryReactor* GetTerminal(grpc::CallbackServerContext* context,
                                        const v1::GetTerminalRequest* request,
                                        v1::Terminal* response) override;
  grpc::ServerUnaryReactor* ListTerminals(grpc::CallbackServerContext* context,
                                          const v1::ListTerminalsRequest* request,
                                          v1::ListTerminalsResponse* response) override;
  grpc::ServerUnaryReactor* ListProfiles(grpc::CallbackServerContext* context,
                                         const v1::ListProfilesRequest* request,
                                         v1::ListProfilesResponse* response) override;
  grpc::ServerUnaryReactor* ImportDevices(grpc::CallbackServerContext* context,
                                          const v1::ImportDevicesRequest* request,
                                          common::v1::Operation* response) override;
  grpc::ServerUnaryReactor* GetImport(grpc::CallbackServerContext* context,
                                      const v1::GetImportRequest* request,
                                      common::v1::Operation* response) override;
  grpc::ServerWriteReactor<common::v1::Operation>* WatchImport(
      grpc::CallbackServerContext* context, const v1::WatchImportRequest* request) override;
  grpc::ServerUnaryReactor* ListImportRows(grpc::CallbackServerContext* context,
                                           const v1::ListImportRowsRequest* request,
                                           v1::ListImportRowsResponse* response) override;
  grpc::ServerUnaryReactor* ListReadings(grpc::CallbackServerContext* context,
                                         const v1::ListReadingsRequest* request,
                                         v1::ListReadingsResponse* response) override;
  grpc::ServerUnaryReactor* ListDays(grpc::CallbackServerContext* context,
                                     const v1::ListDaysRequest* request,
                                     v1::ListDaysResponse* response) override;
  grpc::ServerUnaryReactor* ListFrameAccounts(grpc::CallbackServerContext* context,
                                              const v1::ListFrameAccountsRequest* request,
                                              v1::ListFrameAccountsResponse* response) override;
  grpc::ServerUnaryReactor* DecodeFrame(grpc::CallbackServerContext* context,
                                        const v1::DecodeFrameRequest* request,
                                        v1::DecodeFrameResponse* response) override;
  grpc::ServerUnaryReactor* ListFrameProtocols(grpc::CallbackServerContext* context,
                                               const v1::ListFrameProtocolsRequest* request,
                                               v1::ListFrameProtocolsResponse* response) override;
  grpc::ServerUnaryReactor* ListEdgeAccounts(grpc::CallbackServerContext* context,
                                             const v1::ListEdgeAccountsRequest* request,
                                             v1::ListEdgeAccountsResponse* response) override;
  grpc::ServerUnaryReactor* ListQuarantine(grpc::CallbackServerContext* context,
                                           const v1::ListQuarantineRequest* request,
                                           v1::ListQuarantineResponse* response) override;
  grpc::ServerUnaryReactor* SettleMonth(grpc::CallbackServerContext* context,
                                        const v1::SettleMonthRequest* request,
                                        v1::Settlement* response) override;
  grpc::ServerUnaryReactor* SettleAccount(grpc::CallbackServerContext* context,
                                          const v1::SettleAccountRequest* request,
                                          v1::SettleAccountResponse* response) override;
  grpc::ServerUnaryReactor* GetSettlement(grpc::CallbackServerContext* context,
                                          const v1::GetSettlementRequest* request,
                                          v1::Settlement* response) override;
  grpc::ServerUnaryReactor* ListSettlements(grpc::CallbackServerContext* context,
                                            const v1::ListSettlementsRequest* request,
                                            v1::ListSettlementsResponse* response) override;
  grpc::ServerWriteReactor<v1::Settlement>* WatchSettlement(
      grpc::CallbackServerContext* context, const v1::WatchSettlementRequest* request) override;
  grpc::ServerUnaryReactor* ListSettlementLines(grpc::CallbackServerContext* context,
                                                const v1::ListSettlementLinesRequest* request,
                                                v1::ListSettlementLinesResponse* response) override;

 private:
  rpc::Server& server_;
  const protocols::ProfileCatalogue& profiles_;
  const karez::jobs::Imports& imports_;
};

}  // namespace karez::metering::api
