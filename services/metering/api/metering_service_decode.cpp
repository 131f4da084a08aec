// Frames explained to people.
#include <google/protobuf/util/json_util.h>

#include "libs/protocols/explain/explain.h"
#include "libs/rpc/call.h"
#include "services/metering/api/metering_service.h"

namespace karez::metering::api {
namespace {

constexpr std::size_t kMaxContent = 16'384;

std::vector<std::string> SplitNames(std::string_view names) {
  std::vector<std::string> out;
  while (!names.empty()) {
    const auto comma = names.find(',');
    auto name = names.substr(0, comma);
    names = comma == std::string_view::npos ? std::string_view() : names.substr(comma + 1);
    while (name.starts_with(' ')) name.remove_prefix(1);
    out.emplace_back(name);
  }
  return out;
}

Result<protocols::Question> ReadQuestion(const v1::DecodeFrameRequest& in,
                                         const protocols::ProfileCatalogue& profiles) {
  Violations bad;
  protocols::Question out;
  out.protocol = in.protocol().empty() ? "auto" : in.protocol();
  const auto* explainer = protocols::FindExplainer(out.protocol);
  if (out.protocol != "auto" && explainer == nullptr) {
    bad.Add("protocol", "Is not known: use one of GET /v1/frameProtocols, or auto.");
  }
  if (in.hex().empty() == in.json().empty()) {
    bad.Add("hex", "Give the bytes in hex, or a platform's message in json: one of the two.");
  }
  if (in.hex().size() > kMaxContent) bad.Add("hex", "Must not be longer than 16,384 characters.");
  if (in.json().size() > kMaxContent) bad.Add("json", "Must not be longer than 16,384 characters.");
  std::vector<std::byte> bytes;
  if (!in.hex().empty() && !protocols::ParseHex(in.hex(), bytes)) {
    bad.Add("hex", "Must be whole bytes, two hexadecimal digits each.");
  }
  out.content = in.hex().empty() ? in.json() : in.hex();
  if (in.direction() == v1::DecodeFrameRequest::REQUEST) {
    out.direction = protocols::Direction::kRequest;
  } else if (in.direction() == v1::DecodeFrameRequest::RESPONSE) {
    out.direction = protocols::Direction::kResponse;
  } else if (explainer != nullptr && explainer->needs_direction) {
    bad.Add("direction",
            "Frames of this protocol do not tell who sent them: say request or "
            "response.");
  }
  out.known = &profiles.meters();
  if (!in.profile().empty()) {
    out.profile = profiles.FindMeter(in.profile());
    if (out.profile == nullptr) {
      bad.Add("profile", "Is not known: use a name of GET /v1/meterProfiles.");
    }
  }
  for (const auto& [name, value] : in.keys()) out.keys[name] = value;
  out.already_decrypted = in.already_decrypted();
  RETURN_IF_ERROR(bad.Check());
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* MeteringService::DecodeFrame(grpc::CallbackServerContext* context,
                                                       const v1::DecodeFrameRequest* request,
                                                       v1::DecodeFrameResponse* response) {
  return rpc::Unary(
      server_, context, request, response,
      [this](const Context&, const auto& in, auto& out) -> Result<void> {
        ASSIGN_OR_RETURN(const auto question, ReadQuestion(in, profiles_));
        const auto explanation = protocols::Explain(question);
        out.set_valid(explanation.valid);
        const auto parsed = google::protobuf::util::JsonStringToMessage(
            explanation.json.dump(-1, ' ', false, protocols::Json::error_handler_t::replace),
            out.mutable_frame());
        if (!parsed.ok()) return FailField("json", "Is nested too deeply.");
        return {};
      });
}

grpc::ServerUnaryReactor* MeteringService::ListFrameProtocols(
    grpc::CallbackServerContext* context, const v1::ListFrameProtocolsRequest* request,
    v1::ListFrameProtocolsResponse* response) {
  return rpc::Unary(server_, context, request, response,
                    [](const Context&, const auto&, auto& out) -> Result<void> {
                      for (const auto& explainer : protocols::Explainers()) {
                        auto* item = out.add_protocols();
                        item->set_protocol(std::string(explainer.protocol));
                        item->set_title(std::string(explainer.title));
                        item->set_is_json(explainer.is_text);
                        item->set_needs_direction(explainer.needs_direction);
                        for (auto& name : SplitNames(explainer.keys)) {
                          item->add_keys(std::move(name));
                        }
                      }
                      return {};
                    });
}

}  // namespace karez::metering::api
