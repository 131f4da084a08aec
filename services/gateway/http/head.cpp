#include "services/gateway/http/head.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

#include "services/gateway/http/problem.h"

namespace karez::gateway::http {
namespace {

constexpr std::size_t kTargetBytesMax = 8 * 1024;

// Two of these could be read differently by us and by a proxy in front of us.
constexpr std::array<std::string_view, 13> kSingle = {
    "authorization",     "accept",      "connection",    "content-length",
    "content-type",      "expect",      "host",          "origin",
    "transfer-encoding", "traceparent", "if-none-match", "idempotency-key",
    "karez-timeout-ms"};

std::size_t CountOf(const Request& head, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(head.headers.begin(), head.headers.end(),
                    [&](const auto& header) { return header.first == name; }));
}

std::string HttpDate() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return text;
}

}  // namespace

std::optional<Refusal> CheckHead(const Request& head, std::string_view target, bool http_1_1) {
  if (target.size() > kTargetBytesMax) {
    return Refusal{414, "TARGET_TOO_LONG", "The address is longer than 8 KiB."};
  }
  if (target.empty() || target[0] != '/') {
    return Refusal{400, "BAD_TARGET", "The request target must be a path."};
  }
  if (CountOf(head, "host") > 1 || (http_1_1 && head.Header("host").empty())) {
    return Refusal{400, "BAD_HOST", "Send exactly one Host header."};
  }
  for (const std::string_view name : kSingle) {
    if (CountOf(head, name) > 1) {
      return Refusal{400, "REPEATED_HEADER",
                     "Authorization, Content-Type and the like may be given once only."};
    }
  }
  const std::string_view coding = head.Header("transfer-encoding");
  if (!coding.empty() && coding != "chunked") {
    return Refusal{400, "BAD_TRANSFER_ENCODING", "Only chunked is understood."};
  }
  if (!coding.empty() && !head.Header("content-length").empty()) {
    return Refusal{400, "BAD_LENGTH", "Send Content-Length or Transfer-Encoding, not both."};
  }
  if (!head.Header("expect").empty() && !WantsContinue(head)) {
    return Refusal{417, "BAD_EXPECTATION", "Only 100-continue can be expected."};
  }
  return std::nullopt;
}

bool WantsContinue(const Request& head) { return head.Header("expect") == "100-continue"; }

std::string HeadText(const Response& response, Framing framing, bool keep_alive) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
  text += StatusText(response.status);
  text += "\r\nDate: " + HttpDate() + "\r\n";
  for (const auto& [name, value] : response.headers) {
    text += name;
    text += ": ";
    // A header of ours never holds control characters; a value from elsewhere must not add lines.
    for (const char c : value) text += c >= 0x20 && c < 0x7f ? c : ' ';
    text += "\r\n";
  }
  if (framing == Framing::kChunked) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (framing == Framing::kLength && response.status != 304) {
    text += "Content-Length: " + std::to_string(response.content().size()) + "\r\n";
  }
  if (!keep_alive) text += "Connection: close\r\n";
  text += "\r\n";
  return text;
}

std::string Chunk(std::string_view piece) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
  std::string text = size;
  text += piece;
  text += "\r\n";
  return text;
}

}  // namespace karez::gateway::http
