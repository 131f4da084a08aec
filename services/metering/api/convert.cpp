#include "services/metering/api/convert.h"

#include "libs/base/bytes.h"
#include "libs/rpc/status.h"

namespace karez::metering::api {

void ToProto(const domain::Meter& meter, v1::Meter& out) {
  out.set_meter_id(meter.id.str());
  out.set_number(meter.number);
  out.set_branch_id(meter.branch_id.str());
  out.set_profile(meter.profile);
  out.set_diameter_mm(meter.reg.diameter_mm);
  out.set_device_address(meter.device_address);
  if (meter.terminal_id) out.set_terminal_id(meter.terminal_id->str());
  out.set_terminal_number(meter.terminal_number);
  out.set_active(meter.active);
  out.set_register_digits(meter.reg.digits);
  out.set_etag(std::to_string(meter.version));
}

void ToProto(const store::TerminalRow& row, v1::Terminal& out) {
  const domain::Terminal& terminal = row.terminal;
  out.set_terminal_id(terminal.id.str());
  out.set_number(terminal.number);
  out.set_kind(terminal.kind == domain::Terminal::Kind::kAcknowledged
                   ? v1::Terminal::KIND_ACKNOWLEDGED
                   : v1::Terminal::KIND_TRANSPARENT);
  out.set_branch_id(terminal.branch_id.str());
  out.set_terminal_profile(terminal.profile);
  out.set_poll_seconds(terminal.poll_seconds);
  if (row.last_contact) *out.mutable_last_contact_time() = rpc::ToProto(*row.last_contact);
  out.set_connected(row.connected);
  out.set_meters(row.meters);
}

void ToProto(const domain::Reading& reading, v1::Reading& out) {
  *out.mutable_time() = rpc::ToProto(reading.point.time);
  *out.mutable_receive_time() = rpc::ToProto(reading.received_at);
  out.set_time_quality(Name(reading.quality));
  out.set_value_ml(reading.point.value_ml);
  if (reading.settled_ml) out.set_settled_ml(*reading.settled_ml);
  out.set_valve(reading.valve);
  out.set_battery_low(reading.battery_low);
  for (const std::string& flag : reading.flags) out.add_flags(flag);
}

void ToProto(const store::Day& day, v1::ListDaysResponse::Day& out) {
  out.set_date(FormatDate(day.day));
  for (const std::int64_t hour : day.hours) out.add_hours_ml(hour);
  out.set_total_ml(domain::TotalMl(day.hours));
}

void ToProto(const store::FrameAccount& account, v1::FrameAccount& out) {
  out.set_date(FormatDate(account.day));
  out.set_received(account.received);
  out.set_stored(account.stored);
  out.set_duplicate(account.duplicate);
  for (const auto& [reason, frames] : account.quarantined) {
    (*out.mutable_quarantined())[reason] = frames;
  }
}

void ToProto(const store::QuarantinedFrame& frame, v1::QuarantinedFrame& out) {
  out.set_quarantine_id(frame.id.str());
  *out.mutable_receive_time() = rpc::ToProto(frame.received_at);
  out.set_terminal_number(frame.terminal_number);
  out.set_device_address(frame.device_address);
  out.set_reason(frame.reason);
  out.set_detail(frame.detail);
  out.set_frame_hex(ToHex(frame.payload));
}

void ToProto(const store::EdgeAccount& account, v1::EdgeAccount& out) {
  out.set_edge_id(account.edge_id);
  out.set_bytes_received(account.bytes.bytes_received());
  out.set_frame_bytes(account.bytes.frame_bytes);
  out.set_garbage_bytes(account.bytes.garbage_bytes);
  out.set_envelope_bytes(account.bytes.envelope_bytes);
  out.set_unregistered_bytes(account.bytes.unregistered_bytes);
  out.set_frames(account.bytes.frames);
  out.set_checksum_failures(account.bytes.checksum_failures);
  out.set_connections(account.connections);
  *out.mutable_update_time() = rpc::ToProto(account.updated_at);
}

void ToProto(const store::Settlement& settlement, v1::Settlement& out) {
  out.set_settlement_id(settlement.id.str());
  out.set_month(FormatMonth(settlement.month));
  out.set_lines(settlement.lines);
  out.set_volume_ml(settlement.volume_ml);
  out.set_flagged(settlement.flagged);
}

void ToProto(const domain::Line& line, v1::SettlementLine& out) {
  out.set_settlement_line_id(line.id.str());
  out.set_month(FormatMonth(line.month));
  out.set_meter_id(line.meter_id.str());
  out.set_meter_number(line.meter_number);
  out.set_account_id(line.account_id.str());
  *out.mutable_start_time() = rpc::ToProto(line.start.time);
  out.set_start_ml(line.start.value_ml);
  *out.mutable_end_time() = rpc::ToProto(line.end.time);
  out.set_end_ml(line.end.value_ml);
  out.set_volume_ml(line.volume_ml);
  for (const std::string& flag : line.flags) out.add_flags(flag);
}

Result<domain::Terminal::Kind> FromProto(v1::Terminal::Kind kind) {
  if (kind == v1::Terminal::KIND_ACKNOWLEDGED) return domain::Terminal::Kind::kAcknowledged;
  if (kind == v1::Terminal::KIND_TRANSPARENT) return domain::Terminal::Kind::kTransparent;
  return FailField("kind", "Must be KIND_ACKNOWLEDGED or KIND_TRANSPARENT.");
}

}  // namespace karez::metering::api
