#include "services/accounts/consumers/follow_metering.h"

#include "karez/metering/v1/events.pb.h"

#include "libs/rpc/status.h"
#include "services/accounts/usecases/keep_facts.h"

namespace karez::accounts::consumers {
namespace {

namespace pb = metering::v1;
using karez::events::Message;

Result<Meter> FromProto(const pb::MeterChanged& event) {
  Meter out;
  ASSIGN_OR_RETURN(out.id, MeterId::Parse(event.meter_id()));
  out.number = event.number();
  ASSIGN_OR_RETURN(out.branch_id, BranchId::Parse(event.branch_id()));
  out.active = event.active();
  out.version = event.version();
  return out;
}

Result<MeterReadingView> FromProto(const pb::LatestReadingChanged& event) {
  MeterReadingView out;
  ASSIGN_OR_RETURN(out.meter_id, MeterId::Parse(event.meter_id()));
  ASSIGN_OR_RETURN(out.time, rpc::FromProto(event.time()));
  out.value_ml = event.value_ml();
  out.valve = event.valve();
  out.battery_low = event.battery_low();
  out.version = event.version();
  return out;
}

}  // namespace

void FollowMetering(karez::events::Consumer& consumer, const std::string& topic,
                    const karez::jobs::Imports& imports) {
  consumer.On<pb::MeterChanged>(
      topic,
      [&imports](pg::Tx& tx, const Context& context, const pb::MeterChanged& event,
                 const Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const auto meter, FromProto(event));
        usecases::KeepMeter(tx, context, imports, meter);
        return {};
      });
  consumer.On<pb::LatestReadingChanged>(
      topic,
      [](pg::Tx& tx, const Context& context, const pb::LatestReadingChanged& event,
         const Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const auto reading, FromProto(event));
        usecases::KeepReading(tx, context, reading);
        return {};
      });
}

}  // namespace karez::accounts::consumers
