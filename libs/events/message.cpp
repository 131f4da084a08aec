#include "libs/events/message.h"

#include <charconv>

namespace karez::events {
namespace {

template <class T>
std::optional<T> Number(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

void FillFromHeaders(Message& message) {
  const auto header = [&](const char* name) {
    const auto found = message.headers.find(name);
    return found == message.headers.end() ? std::string() : found->second;
  };
  if (const auto id = Uuid::Parse(header("ce_id"))) message.id = *id;
  message.type = header("ce_type");
  message.subject = header("ce_subject");
  message.tenant = Number<TenantId>(header("ce_tenantid"));
  message.version = Number<std::int64_t>(header("ce_sequence")).value_or(0);
  if (const auto time = ParseInstant(header("ce_time"))) message.time = *time;
  message.trace = Trace::FromTraceparent(header("traceparent")).Child();
}

}  // namespace karez::events
