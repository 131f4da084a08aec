#include "services/identity/domain/audit.h"

#include <string_view>

namespace karez::identity {
namespace {

void AppendNumber(std::string& bytes, std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 255));
  }
}

void AppendText(std::string& bytes, std::string_view text) {
  AppendNumber(bytes, static_cast<std::int64_t>(text.size()));
  bytes += text;
}

}  // namespace

std::string BytesToHash(const ChainHead& head, const AuditEntry& entry) {
  std::string bytes = head.hash;
  AppendNumber(bytes, head.sequence + 1);
  AppendText(bytes, entry.record_id.str());
  AppendNumber(bytes, entry.happened_at.time_since_epoch().count());
  for (const std::string* text :
       {&entry.service, &entry.method, &entry.subject, &entry.subject_name, &entry.session_id,
        &entry.via, &entry.outcome, &entry.request_id, &entry.trace_id, &entry.request_json}) {
    AppendText(bytes, *text);
  }
  return bytes;
}

}  // namespace karez::identity
