// Tariffs: published, listed, tried.
#include "libs/rpc/call.h"
#include "libs/rpc/page.h"
#include "services/billing/api/billing_service.h"
#include "services/billing/api/convert.h"
#include "services/billing/store/tariff_proto.h"
#include "services/billing/store/tariff_store.h"
#include "services/billing/usecases/publish_tariff.h"
#include "services/billing/usecases/simulate_tariff.h"

namespace karez::billing::api {

grpc::ServerUnaryReactor* BillingService::PublishTariff(grpc::CallbackServerContext* context,
                                                        const v1::PublishTariffRequest* request,
                                                        v1::Tariff* response) {
  return rpc::Write(server_, context, request, response,
                    [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                      ASSIGN_OR_RETURN(
                          const Tariff tariff,
                          usecases::PublishTariff(tx, ctx, store::FromProto(in.definition())));
                      ToProto(tariff, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::ListTariffs(grpc::CallbackServerContext* context,
                                                      const v1::ListTariffsRequest* request,
                                                      v1::ListTariffsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), "tariffs:" + in.code(), 2));
        std::pair<std::string, std::int32_t> after;
        if (!page.after.empty()) {
          ASSIGN_OR_RETURN(const auto version, ReadTokenNumber(page.after[1]));
          after = {page.after[0], static_cast<std::int32_t>(version)};
        }
        const auto tariffs = store::ListTariffs(tx, ctx, in.code(), after, page.size + 1);
        for (const Tariff& tariff : tariffs) {
          if (out.tariffs_size() == page.size) {
            const auto& last = *out.tariffs().rbegin();
            out.set_next_page_token(
                rpc::NextToken("tariffs:" + in.code(),
                               {last.definition().code(), std::to_string(last.version())}));
            break;
          }
          ToProto(tariff, *out.add_tariffs());
        }
        return {};
      });
}

grpc::ServerUnaryReactor* BillingService::SimulateTariff(grpc::CallbackServerContext* context,
                                                         const v1::SimulateTariffRequest* request,
                                                         v1::SimulateTariffResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [](const Context&, const auto& in, auto& out) -> Result<void> {
                      usecases::Simulation simulation{.tariff = store::FromProto(in.tariff()),
                                                      .household_size = in.household_size(),
                                                      .used_before_ml = in.used_before_ml(),
                                                      .volume_ml = in.volume_ml()};
                      if (const auto day = ParseDate(in.period_start()))
                        simulation.period_start = *day;
                      if (const auto day = ParseDate(in.period_end())) simulation.period_end = *day;
                      ASSIGN_OR_RETURN(const Rating rating, usecases::SimulateTariff(simulation));
                      ToProto(rating, out);
                      return {};
                    });
}

grpc::ServerUnaryReactor* BillingService::SimulateForAccount(
    grpc::CallbackServerContext* context, const v1::SimulateForAccountRequest* request,
    v1::SimulateTariffResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        usecases::AccountSimulation simulation{
            .account_id = ReadId<AccountId>(bad, "account_id", in.account_id()),
            .tariff = store::FromProto(in.tariff()),
            .volume_ml = in.volume_ml(),
            .period_end = ctx.Today()};
        if (!in.period_end().empty()) {
          if (const auto day = ParseDate(in.period_end())) {
            simulation.period_end = *day;
          } else {
            bad.Add("period_end", "Must be a day like 2026-05-31, or empty for today.");
          }
        }
        RETURN_IF_ERROR(bad.Check());
        ASSIGN_OR_RETURN(const Rating rating, usecases::SimulateForAccount(tx, ctx, simulation));
        ToProto(rating, out);
        return {};
      });
}

}  // namespace karez::billing::api
