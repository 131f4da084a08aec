#include "services/identity/consumers/audit_recorder.h"

#include "karez/audit/v1/audit.pb.h"

#include "libs/rpc/status.h"
#include "services/identity/usecases/append_audit.h"

namespace karez::identity::consumers {
namespace {

namespace pb = karez::audit::v1;

Result<AuditEntry> ToEntry(const pb::AuditRecorded& event) {
  AuditEntry entry;
  ASSIGN_OR_RETURN(entry.record_id, Uuid::Parse(event.record_id()));
  ASSIGN_OR_RETURN(entry.happened_at, rpc::FromProto(event.time()));
  entry.service = event.service();
  entry.method = event.method();
  entry.subject = event.subject();
  entry.subject_name = event.subject_name();
  entry.session_id = event.session_id();
  entry.via = event.via();
  entry.outcome = event.outcome();
  entry.request_id = event.request_id();
  entry.trace_id = event.trace_id();
  entry.request_json = event.request_json();
  return entry;
}

}  // namespace

void RecordAudit(karez::events::Consumer& consumer, const std::vector<std::string>& topics) {
  for (const std::string& topic : topics) {
    consumer.On<pb::AuditRecorded>(
        topic,
        [](pg::Tx& tx, const Context& context, const pb::AuditRecorded& event,
           const karez::events::Message&) -> Result<void> {
          ASSIGN_OR_RETURN(AuditEntry entry, ToEntry(event));
          usecases::AppendAudit(tx, context, std::move(entry));
          return {};
        });
  }
}

}  // namespace karez::identity::consumers
