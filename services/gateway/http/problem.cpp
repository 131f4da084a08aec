#include "services/gateway/http/problem.h"

#include "services/gateway/transcode/json_codec.h"
#include "services/gateway/transcode/text_values.h"

namespace karez::gateway::http {
namespace {

using transcode::WriteJsonString;

void Member(std::string_view name, std::string_view value, std::string& out) {
  out += out.size() > 1 ? ",\"" : "\"";
  out += name;
  out += "\":";
  WriteJsonString(value, out);
}

std::string_view ActionFor(Code code, int status) {
  switch (code) {
    case Code::kInvalidArgument:
    case Code::kOutOfRange:
      return status == 413 ? "Send less at once." : "Correct the request and send it again.";
    case Code::kUnauthenticated:
      return "Sign in again and repeat the request.";
    case Code::kPermissionDenied:
      return "Ask an administrator for the permission.";
    case Code::kNotFound:
      return status == 405 ? "Use one of the methods in the Allow header." : "Check the address.";
    case Code::kAlreadyExists:
      return "Use the existing one or choose another name.";
    case Code::kFailedPrecondition:
      return "Bring about the state that the detail names, then repeat the request.";
    case Code::kAborted:
      return "Read the current state and repeat the request.";
    case Code::kResourceExhausted:
      return "Wait as long as Retry-After says, then repeat the request.";
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
      return "Repeat the request with the same request id after a moment.";
    case Code::kUnimplemented:
      return "Leave out what is not supported.";
    default:
      return "Repeat the request; if it fails again, report the trace id.";
  }
}

}  // namespace

int StatusOf(Code code) {
  switch (code) {
    case Code::kOk:
      return 200;
    case Code::kInvalidArgument:
    case Code::kFailedPrecondition:
    case Code::kOutOfRange:
      return 400;
    case Code::kUnauthenticated:
      return 401;
    case Code::kPermissionDenied:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kAlreadyExists:
    case Code::kAborted:
      return 409;
    case Code::kResourceExhausted:
      return 429;
    case Code::kCancelled:
      return 499;
    case Code::kUnimplemented:
      return 501;
    case Code::kUnavailable:
      return 503;
    case Code::kDeadlineExceeded:
      return 504;
    case Code::kUnknown:
    case Code::kInternal:
    case Code::kDataLoss:
      break;
  }
  return 500;
}

std::string_view StatusText(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

std::string ProblemJson(const Error& error, int status, std::string_view trace_id) {
  std::string out = "{";
  Member("type", "urn:karez:problem:" + error.reason, out);
  Member("title", StatusText(status), out);
  out += ",\"status\":" + std::to_string(status);
  Member("code", CodeName(error.code), out);
  Member("reason", error.reason, out);
  Member("detail", error.message, out);
  Member("action", ActionFor(error.code, status), out);
  if (!error.violations.empty()) {
    out += ",\"violations\":[";
    for (std::size_t i = 0; i < error.violations.size(); ++i) {
      std::string item = "{";
      Member("field", transcode::ToCamel(error.violations[i].field), item);
      Member("description", error.violations[i].description, item);
      out += (i > 0 ? "," : "") + item + "}";
    }
    out += ']';
  }
  if (!error.metadata.empty()) {
    std::string items = "{";
    for (const auto& [name, value] : error.metadata) {
      items += items.size() > 1 ? "," : "";
      WriteJsonString(name, items);
      items += ':';
      WriteJsonString(value, items);
    }
    out += ",\"metadata\":" + items + "}";
  }
  Member("traceId", trace_id, out);
  out += '}';
  return out;
}

Response ProblemResponse(const Error& error, std::string_view trace_id, int status) {
  Response response;
  response.status = status == 0 ? StatusOf(error.code) : status;
  response.headers = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}};
  if (const auto after = error.metadata.find("retry_after_seconds");
      after != error.metadata.end()) {
    response.headers.emplace_back("Retry-After", after->second);
  } else if (response.status == 429 || response.status == 503) {
    response.headers.emplace_back("Retry-After", "1");
  }
  if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  response.body = ProblemJson(error, response.status, trace_id);
  return response;
}

}  // namespace karez::gateway::http
