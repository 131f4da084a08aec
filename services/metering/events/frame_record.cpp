#include "services/metering/events/frame_record.h"

namespace karez::metering::events {
namespace {

constexpr const char* kTerminal = "terminal";
constexpr const char* kDevice = "device";
constexpr const char* kPath = "path";
constexpr const char* kEdge = "edge";
constexpr const char* kPolled = "polled";
constexpr const char* kKept = "kept";

const std::string& Header(const karez::events::Message& message, const char* name) {
  static const std::string empty;
  const auto found = message.headers.find(name);
  return found == message.headers.end() ? empty : found->second;
}

}  // namespace

karez::events::Record ToRecord(const std::string& topic, TenantId tenant,
                               const domain::RawFrame& frame) {
  const std::string terminal = frame.terminal_id.str();
  karez::events::Record record;
  record.topic = topic;
  record.key = std::to_string(tenant) + ":" + terminal;
  record.payload = frame.payload;
  record.headers = {{"ce_specversion", "1.0"},
                    {"ce_id", frame.id.str()},
                    {"ce_source", "/metering/edge"},
                    {"ce_type", "karez.metering.v1.RawFrame"},
                    {"ce_time", FormatInstant(frame.received_at)},
                    {"ce_tenantid", std::to_string(tenant)},
                    {"ce_subject", terminal},
                    {"ce_sequence", std::to_string(frame.sequence)},
                    {kTerminal, frame.terminal_number},
                    {kDevice, frame.device_address},
                    {kPath, frame.path == domain::Path::kPolled ? kPolled : kKept},
                    {kEdge, frame.edge_id}};
  return record;
}

Result<domain::RawFrame> FromMessage(const karez::events::Message& message) {
  domain::RawFrame frame;
  frame.id = domain::FrameId(message.id);
  ASSIGN_OR_RETURN(frame.terminal_id, domain::TerminalId::Parse(message.subject));
  frame.terminal_number = Header(message, kTerminal);
  frame.device_address = Header(message, kDevice);
  const std::string& path = Header(message, kPath);
  if (frame.id.is_nil() || (path != kPolled && path != kKept)) {
    return FailField("headers", "The record is no frame of an ingest edge.");
  }
  frame.path = path == kPolled ? domain::Path::kPolled : domain::Path::kKept;
  frame.sequence = message.version;
  frame.received_at = message.time;
  frame.edge_id = Header(message, kEdge);
  frame.payload = message.payload;
  return frame;
}

}  // namespace karez::metering::events
