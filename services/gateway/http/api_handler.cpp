#include "services/gateway/http/api_handler.h"

#include "libs/auth/secrets.h"
#include "libs/base/bytes.h"
#include "libs/obs/metrics.h"
#include "services/gateway/http/api_call.h"
#include "services/gateway/http/problem.h"

namespace karez::gateway::http {
namespace {

bool IsApiPath(std::string_view path) { return path == "/v1" || path.starts_with("/v1/"); }

}  // namespace

ApiHandler::ApiHandler(Core& core, HandlerOptions options, std::string openapi,
                       std::unique_ptr<const web::WebRoot> web)
    : core_(core),
      options_(options),
      openapi_(std::make_shared<const std::string>(std::move(openapi))),
      openapi_gzip_(std::make_shared<const std::string>(web::Gzip(*openapi_))),
      openapi_etag_("\"" + ToBase64Url(karez::auth::Sha256(*openapi_).substr(0, 18)) + "\""),
      web_(std::move(web)) {}

std::size_t ApiHandler::BodyBytesMax(const Request& head) {
  if (!IsApiPath(head.path)) return 0;
  const auto path = transcode::RequestPath::Parse(head.path);
  if (!path) return 0;
  const auto found = core_.routes.Find(head.method, *path);
  if (!found.matched) return options_.body_bytes_max;
  const auto rate = core_.routes.all()[found.route].rule.rate();
  return rate == options::v1::RATE_HEAVY ? options_.heavy_body_bytes_max : options_.body_bytes_max;
}

Response ApiHandler::Refuse(int status, std::string_view reason, std::string_view message) {
  obs::Count("karez_http_refused_total", {{"code", "HTTP"}});
  return ProblemResponse(
      {Code::kInvalidArgument, std::string(reason), std::string(message), {}, {}},
      Trace::New().trace_id, status);
}

// The entry that the outermost trusted proxy added; what stands left of it could be made up.
std::string ApiHandler::ClientAddress(const Request& head) {
  std::string_view forwarded = head.Header("x-forwarded-for");
  if (options_.proxies == 0 || forwarded.empty()) return head.peer;
  std::string_view entry;
  for (int i = 0; i < options_.proxies && !forwarded.empty(); ++i) {
    const std::size_t comma = forwarded.rfind(',');
    const bool last = comma == std::string_view::npos;
    entry = last ? forwarded : forwarded.substr(comma + 1);
    forwarded = last ? std::string_view() : forwarded.substr(0, comma);
  }
  while (!entry.empty() && entry.front() == ' ') entry.remove_prefix(1);
  while (!entry.empty() && entry.back() == ' ') entry.remove_suffix(1);
  return std::string(entry);
}

void ApiHandler::Handle(std::shared_ptr<Exchange> exchange) {
  if (IsApiPath(exchange->request().path)) {
    HandleApi(std::move(exchange));
  } else {
    HandleFile(std::move(exchange));
  }
}

void ApiHandler::HandleApi(std::shared_ptr<Exchange> exchange) {
  auto call = std::make_shared<CallRecord>(std::move(exchange), "unknown");
  const Request& request = call->request();
  const auto path = transcode::RequestPath::Parse(request.path);
  if (!path) return call->Refuse(path.error());
  const auto found = core_.routes.Find(request.method, *path);
  if (!found.path_known) {
    return call->Refuse(
        {Code::kNotFound, "NO_SUCH_CALL", "There is no such call; see /openapi.json.", {}, {}});
  }
  if (!found.matched) {
    std::string allowed;
    for (const auto& method : found.allowed) allowed += (allowed.empty() ? "" : ", ") + method;
    call->AddHeader("Allow", allowed);
    return call->Refuse(
        {Code::kNotFound, "METHOD_NOT_ALLOWED", "This address takes " + allowed + " only.", {}, {}},
        405);
  }
  call->SetRoute(&core_.routes.all()[found.route]);
  RunApiCall(core_, call, *path);
}

void ApiHandler::HandleFile(std::shared_ptr<Exchange> exchange) {
  CallRecord call(std::move(exchange), "static");
  const Request& request = call.request();
  if (request.method != "GET" && request.method != "HEAD") {
    call.AddHeader("Allow", "GET, HEAD");
    return call.Refuse(
        {Code::kNotFound, "METHOD_NOT_ALLOWED", "This address takes GET and HEAD only.", {}, {}},
        405);
  }
  if (request.path == "/openapi.json") return call.Respond(OpenApi(request));
  if (web_ == nullptr) {
    return call.Refuse(
        {Code::kNotFound, "NO_CONSOLE", "This gateway serves the API only.", {}, {}});
  }
  call.Respond(web_->Serve(request, call.trace().trace_id));
}

Response ApiHandler::OpenApi(const Request& request) const {
  Response response;
  response.headers = {{"Content-Type", "application/json"},
                      {"ETag", openapi_etag_},
                      {"Vary", "Accept-Encoding"},
                      {"Cache-Control", "no-cache"}};
  web::AddSecurityHeaders(response);
  if (web::EtagMatches(request.Header("if-none-match"), openapi_etag_)) {
    response.status = 304;
  } else if (web::AcceptsGzip(request.Header("accept-encoding"))) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.shared_body = openapi_gzip_;
  } else {
    response.shared_body = openapi_;
  }
  return response;
}

}  // namespace karez::gateway::http
