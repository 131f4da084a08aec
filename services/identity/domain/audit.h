// Audit records and the chain that shows when one was changed or taken out. Values.
#pragma once

#include <string>

#include "libs/base/time.h"
#include "libs/base/uuid.h"

namespace karez::identity {

struct AuditEntry {
  Uuid record_id;
  Instant happened_at;
  std::string service;
  std::string method;
  std::string subject;
  std::string subject_name;
  std::string session_id;
  std::string via;
  std::string outcome;
  std::string request_id;
  std::string trace_id;
  std::string request_json;
};

// An entry in its place in the tenant's chain.
struct ChainedEntry {
  AuditEntry entry;
  std::int64_t sequence = 0;  // from 1 without gaps
  std::string hash;           // 32 bytes
};

// The end of a chain; a new chain ends in 32 zero bytes at sequence 0.
struct ChainHead {
  std::int64_t sequence = 0;
  std::string hash = std::string(32, '\0');
};

// What the hash of the next record is SHA-256 over, so that anyone can check the chain:
//   the hash before (32 bytes), its own sequence, text record_id, happened_at (microseconds since
//   1970), then the texts service, method, subject, subject_name, session_id, via, outcome,
//   request_id, trace_id, request_json.
// Numbers are 8 bytes, most significant first; a text is its length in bytes as such a number, then
// its UTF-8: no two records give the same bytes.
std::string BytesToHash(const ChainHead& head, const AuditEntry& entry);

}  // namespace karez::identity
