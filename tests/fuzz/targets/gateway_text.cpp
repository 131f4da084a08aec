// Any bytes as what clients send the gateway: JSON, a path, a path template, a time, a duration.
// What is accepted must be accepted again in the form in which we write it.
#include <cstdint>
#include <cstdlib>

#include "services/gateway/transcode/json_tokens.h"
#include "services/gateway/transcode/path_template.h"
#include "services/gateway/transcode/time_text.h"
#include "services/gateway/transcode/utf8.h"

namespace {

using namespace karez::gateway::transcode;  // NOLINT: a program of one function

void Require(bool holds) {
  if (!holds) std::abort();
}

void Json(std::string_view text) {
  JsonTokens tokens(text);
  if (!tokens.SkipValue()) Require(tokens.failed());
  JsonTokens strings(text);
  std::string_view value;
  if (strings.Peek() == JsonTokens::Kind::kString && strings.ReadString(value)) {
    Require(IsUtf8(value));
  }
}

void Path(std::string_view text) {
  const auto path = RequestPath::Parse(text);
  const auto path_template = PathTemplate::Parse(text);
  if (path) Require(!path->segments.empty());
  if (path_template) Require(!path_template->segments().empty());
  static const auto kRest = PathTemplate::Parse("/{a=*}/{b=**}").value();
  if (path && path->segments.size() >= 2) Require(BindVariables(kRest, *path).size() == 2);
}

void Time(std::string_view text) {
  std::int64_t seconds = 0, seconds_again = 0;
  std::int32_t nanos = 0, nanos_again = 0;
  if (ParseTimestamp(text, seconds, nanos)) {
    Require(ParseTimestamp(FormatTimestamp(seconds, nanos), seconds_again, nanos_again));
    Require(seconds == seconds_again && nanos == nanos_again);
  }
  if (ParseDuration(text, seconds, nanos)) {
    Require(ParseDuration(FormatDuration(seconds, nanos), seconds_again, nanos_again));
    Require(seconds == seconds_again && nanos == nanos_again);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Json(text);
  Path(text);
  Time(text);
  return 0;
}
