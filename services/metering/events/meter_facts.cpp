#include "services/metering/events/meter_facts.h"

#include "karez/metering/v1/events.pb.h"

#include "libs/events/fact.h"
#include "libs/rpc/status.h"

namespace karez::metering::events {

namespace pb = v1;
using karez::events::MakeFact;

pg::Fact MeterChanged(const domain::Meter& meter) {
  pb::MeterChanged event;
  event.set_meter_id(meter.id.str());
  event.set_number(meter.number);
  event.set_branch_id(meter.branch_id.str());
  event.set_profile(meter.profile);
  event.set_diameter_mm(meter.reg.diameter_mm);
  event.set_active(meter.active);
  event.set_version(meter.version);
  return MakeFact("meter", meter.id.value(), meter.version, event);
}

pg::Fact LatestReadingChanged(const domain::Reading& reading, std::int64_t version) {
  pb::LatestReadingChanged event;
  event.set_meter_id(reading.meter_id.str());
  *event.mutable_time() = rpc::ToProto(reading.point.time);
  event.set_value_ml(reading.point.value_ml);
  event.set_valve(reading.valve);
  event.set_battery_low(reading.battery_low);
  event.set_version(version);
  return MakeFact("meter_reading", reading.meter_id.value(), version, event);
}

pg::Fact MeterSettled(const domain::Line& line) {
  pb::MeterSettled event;
  event.set_settlement_line_id(line.id.str());
  event.set_kind(line.kind == domain::LineKind::kMonthly ? pb::MeterSettled::KIND_MONTHLY
                                                         : pb::MeterSettled::KIND_INTERIM);
  event.set_month(FormatMonth(line.month));
  event.set_meter_id(line.meter_id.str());
  event.set_meter_number(line.meter_number);
  event.set_account_id(line.account_id.str());
  *event.mutable_start_time() = rpc::ToProto(line.start.time);
  event.set_start_ml(line.start.value_ml);
  *event.mutable_end_time() = rpc::ToProto(line.end.time);
  event.set_end_ml(line.end.value_ml);
  event.set_volume_ml(line.volume_ml);
  for (const std::string& flag : line.flags) event.add_flags(flag);
  event.set_version(1);
  return MakeFact("settlement_line", line.id.value(), 1, event);
}

}  // namespace karez::metering::events
