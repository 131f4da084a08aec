// Meters, terminals, profiles and their import.
#include "libs/rpc/imports.h"
#include "libs/rpc/page.h"
#include "services/metering/api/convert.h"
#include "services/metering/api/metering_service.h"
#include "services/metering/store/meter_store.h"
#include "services/metering/usecases/create_meter.h"
#include "services/metering/usecases/create_terminal.h"

namespace karez::metering::api {
namespace {

// The id of a request's field; INVALID_ARGUMENT that names the field.
template <class IdType>
Result<IdType> ParseId(const char* field, const std::string& text) {
  auto id = IdType::Parse(text);
  if (!id) return FailField(field, "Must be a UUID.");
  return id;
}

// Adds the newest reading to each meter of an answer.
void AddLatest(pg::Tx& tx, const Context& context, const std::vector<domain::MeterId>& ids,
               const std::vector<v1::Meter*>& meters) {
  const auto latest = store::LatestOf(tx, context, ids);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto found = latest.find(ids[i]);
    if (found != latest.end()) ToProto(found->second, *meters[i]->mutable_latest());
  }
}

}  // namespace

grpc::ServerUnaryReactor* MeteringService::CreateMeter(grpc::CallbackServerContext* context,
                                                       const v1::CreateMeterRequest* request,
                                                       v1::Meter* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        usecases::NewMeter wanted;
        wanted.number = in.number();
        wanted.profile = in.profile();
        wanted.diameter_mm = in.diameter_mm();
        wanted.device_address = in.device_address();
        wanted.register_digits = in.register_digits();
        const auto branch = ParseId<BranchId>("branch_id", in.branch_id());
        if (!branch) bad.Add("", branch.error());
        if (branch) wanted.branch_id = *branch;
        if (!in.terminal_id().empty()) {
          const auto terminal = ParseId<domain::TerminalId>("terminal_id", in.terminal_id());
          if (!terminal) bad.Add("", terminal.error());
          if (terminal) wanted.terminal_id = *terminal;
        }
        auto draft = usecases::DraftMeter(profiles_, wanted);
        if (!draft) bad.Add("", draft.error());
        RETURN_IF_ERROR(bad.Check());
        ASSIGN_OR_RETURN(const auto meter, usecases::CreateMeter(tx, ctx, *std::move(draft)));
        ToProto(meter, out);
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::GetMeter(grpc::CallbackServerContext* context,
                                                    const v1::GetMeterRequest* request,
                                                    v1::Meter* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto id,
                                      ParseId<domain::MeterId>("meter_id", in.meter_id()));
                     ASSIGN_OR_RETURN(const auto meter, store::GetMeter(tx, ctx, id));
                     ToProto(meter, out);
                     AddLatest(tx, ctx, {id}, {&out});
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListMeters(grpc::CallbackServerContext* context,
                                                      const v1::ListMetersRequest* request,
                                                      v1::ListMetersResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        const std::string filter_text = "meters|" + in.number_prefix() + "|" + in.terminal_id();
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), filter_text, 1));
        store::MeterFilter filter;
        filter.number_prefix = in.number_prefix();
        if (!in.terminal_id().empty()) {
          ASSIGN_OR_RETURN(filter.terminal_id,
                           ParseId<domain::TerminalId>("terminal_id", in.terminal_id()));
        }
        if (!page.after.empty()) filter.after_number = page.after[0];
        filter.limit = page.size + 1;
        auto meters = store::ListMeters(tx, ctx, filter);
        if (meters.size() > static_cast<std::size_t>(page.size)) {
          meters.pop_back();
          out.set_next_page_token(rpc::NextToken(filter_text, {meters.back().number}));
        }
        std::vector<domain::MeterId> ids;
        std::vector<v1::Meter*> answers;
        for (const auto& meter : meters) {
          ids.push_back(meter.id);
          answers.push_back(out.add_meters());
          ToProto(meter, *answers.back());
        }
        AddLatest(tx, ctx, ids, answers);
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::CreateTerminal(grpc::CallbackServerContext* context,
                                                          const v1::CreateTerminalRequest* request,
                                                          v1::Terminal* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        Violations bad;
        usecases::NewTerminal wanted;
        wanted.number = in.number();
        wanted.profile = in.terminal_profile();
        wanted.poll_seconds = in.poll_seconds();
        const auto branch = ParseId<BranchId>("branch_id", in.branch_id());
        if (!branch) bad.Add("", branch.error());
        if (branch) wanted.branch_id = *branch;
        const auto kind = FromProto(in.kind());
        if (!kind) bad.Add("", kind.error());
        if (kind) wanted.kind = *kind;
        // What is wrong with the rest depends on the kind.
        const auto draft = usecases::DraftTerminal(profiles_, wanted);
        if (kind && !draft) bad.Add("", draft.error());
        RETURN_IF_ERROR(bad.Check());
        RETURN_IF_ERROR(usecases::CreateTerminal(tx, ctx, *draft));
        ToProto({*draft, std::nullopt, false, 0}, out);
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::GetTerminal(grpc::CallbackServerContext* context,
                                                       const v1::GetTerminalRequest* request,
                                                       v1::Terminal* response) {
  return rpc::Read(server_, context, request, response,
                   [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
                     ASSIGN_OR_RETURN(const auto id,
                                      ParseId<domain::TerminalId>("terminal_id", in.terminal_id()));
                     ASSIGN_OR_RETURN(const auto row, store::GetTerminal(tx, ctx, id));
                     ToProto(row, out);
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ListTerminals(grpc::CallbackServerContext* context,
                                                         const v1::ListTerminalsRequest* request,
                                                         v1::ListTerminalsResponse* response) {
  return rpc::Read(
      server_, context, request, response,
      [](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto page,
                         rpc::ReadPage(in.page_size(), in.page_token(), "terminals", 1));
        auto rows = store::ListTerminals(
            tx, ctx, page.after.empty() ? std::string() : page.after[0], page.size + 1);
        if (rows.size() > static_cast<std::size_t>(page.size)) {
          rows.pop_back();
          out.set_next_page_token(rpc::NextToken("terminals", {rows.back().terminal.number}));
        }
        for (const auto& row : rows) ToProto(row, *out.add_terminals());
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::ListProfiles(grpc::CallbackServerContext* context,
                                                        const v1::ListProfilesRequest* request,
                                                        v1::ListProfilesResponse* response) {
  return rpc::Read(server_, context, request, response,
                   [this](pg::Tx&, const Context&, const auto&, auto& out) -> Result<void> {
                     for (const auto& profile : profiles_.meters()) {
                       auto* item = out.add_profiles();
                       item->set_name(profile.id);
                       item->set_vendor(profile.vendor);
                       item->set_model(profile.model);
                       item->set_protocol(std::string(Name(profile.protocol)));
                     }
                     return {};
                   });
}

grpc::ServerUnaryReactor* MeteringService::ImportDevices(grpc::CallbackServerContext* context,
                                                         const v1::ImportDevicesRequest* request,
                                                         common::v1::Operation* response) {
  return rpc::Write(
      server_, context, request, response,
      [this](pg::Tx& tx, const Context& ctx, const auto& in, auto& out) -> Result<void> {
        // The rows are kept apart; the file itself need not be.
        v1::ImportDevicesRequest kept;
        kept.set_request_id(in.request_id());
        ASSIGN_OR_RETURN(const auto operation, imports_.Begin(tx, ctx, in.csv(), kept));
        rpc::ToProto(operation, out);
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::GetImport(grpc::CallbackServerContext* context,
                                                     const v1::GetImportRequest* request,
                                                     common::v1::Operation* response) {
  return rpc::GetImport(server_, context, imports_, request, response);
}

grpc::ServerWriteReactor<common::v1::Operation>* MeteringService::WatchImport(
    grpc::CallbackServerContext* context, const v1::WatchImportRequest* request) {
  return rpc::WatchImport(server_, context, imports_, request);
}

grpc::ServerUnaryReactor* MeteringService::ListImportRows(grpc::CallbackServerContext* context,
                                                          const v1::ListImportRowsRequest* request,
                                                          v1::ListImportRowsResponse* response) {
  return rpc::ListImportRows(server_, context, imports_, request, response);
}

}  // namespace karez::metering::api
