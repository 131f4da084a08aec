// Rules for request heads that a lenient parser lets through, and the text form of response heads.
// Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/gateway/http/message.h"

namespace karez::gateway::http {

struct Refusal {
  int status = 400;
  std::string_view reason;
  std::string_view message;
};

// Checks Host, headers that must not be repeated, Expect and the form of the target.
std::optional<Refusal> CheckHead(const Request& head, std::string_view target, bool http_1_1);

// True when the client waits for `100 Continue` before it sends the body.
bool WantsContinue(const Request& head);

enum class Framing { kLength, kChunked, kUntilClose };
// Status line and headers with Date, Connection and the framing of the body.
std::string HeadText(const Response& response, Framing framing, bool keep_alive);

// One piece of a chunked body; the empty piece ends it.
std::string Chunk(std::string_view piece);

}  // namespace karez::gateway::http
