#include "libs/rpc/audit.h"

#include <google/protobuf/util/json_util.h>

#include "karez/audit/v1/audit.pb.h"
#include "karez/options/v1/options.pb.h"

#include "libs/events/fact.h"
#include "libs/rpc/status.h"

namespace karez::rpc {
namespace {

constexpr std::size_t kMaxRequestJson = 4096;

// Audit records of one tenant share a key, so that they arrive in the order they were made.
const Uuid kAuditSpace = *Uuid::Parse("6f0f4c1e-6f5e-5d0b-9a8e-0c7a3f1b2d4c");

void Redact(google::protobuf::Message& message) {
  const auto* reflection = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const auto* field : fields) {
    if (field->options().GetExtension(options::v1::personal)) {
      reflection->ClearField(&message, field);
    } else if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) {
      if (!field->is_repeated()) {
        Redact(*reflection->MutableMessage(&message, field));
      } else {
        for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
          Redact(*reflection->MutableRepeatedMessage(&message, field, i));
        }
      }
    } else if (field->type() == google::protobuf::FieldDescriptor::TYPE_STRING &&
               !field->is_repeated() &&
               reflection->GetString(message, field).size() > kMaxRequestJson) {
      reflection->SetString(&message, field, "(left out: too long)");
    }
  }
}

const char* KindName(Principal::Kind kind) {
  switch (kind) {
    case Principal::Kind::kStaff:
      return "staff";
    case Principal::Kind::kService:
      return "service";
    case Principal::Kind::kResident:
      return "resident";
  }
  return "service";
}

}  // namespace

std::string RedactedJson(const google::protobuf::Message& message) {
  std::unique_ptr<google::protobuf::Message> copy(message.New());
  copy->CopyFrom(message);
  Redact(*copy);
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(*copy, &json).ok()) return "{}";
  if (json.size() > kMaxRequestJson) return R"({"note":"left out: too long"})";
  return json;
}

void PublishAudit(pg::Tx& tx, const Context& context, const std::string& service,
                  const std::string& method, const google::protobuf::Message& request,
                  const std::string& outcome) {
  const auto& principal = context.principal();
  audit::v1::AuditRecorded record;
  record.set_record_id(Uuid::V7().str());
  *record.mutable_time() = ToProto(context.Now());
  record.set_service(service);
  record.set_method(method);
  record.set_subject(principal.subject);
  record.set_subject_name(principal.name.empty() ? KindName(principal.kind) : principal.name);
  record.set_session_id(principal.session);
  record.set_via(principal.via);
  record.set_outcome(outcome);
  if (!context.request_id().is_nil()) record.set_request_id(context.request_id().str());
  record.set_trace_id(context.trace().trace_id);
  record.set_request_json(RedactedJson(request));
  tx.Publish(events::MakeFact("audit", Uuid::V5(kAuditSpace, std::to_string(context.tenant_id())),
                              0, record));
}

}  // namespace karez::rpc
