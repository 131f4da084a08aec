#include "services/billing/consumers/follow_settlements.h"

#include <cstdlib>

#include "karez/metering/v1/events.pb.h"

#include "libs/rpc/status.h"
#include "services/billing/store/settled_store.h"

namespace karez::billing::consumers {
namespace {

Result<SettledLine> FromProto(const metering::v1::MeterSettled& event) {
  SettledLine line;
  ASSIGN_OR_RETURN(line.id, SettledLineId::Parse(event.settlement_line_id()));
  ASSIGN_OR_RETURN(line.month, ParseMonth(event.month()));
  ASSIGN_OR_RETURN(line.meter_id, MeterId::Parse(event.meter_id()));
  ASSIGN_OR_RETURN(line.account_id, AccountId::Parse(event.account_id()));
  line.interim = event.kind() == metering::v1::MeterSettled::KIND_INTERIM;
  line.meter_number = event.meter_number();
  if (event.has_start_time()) {
    ASSIGN_OR_RETURN(line.start_time, rpc::FromProto(event.start_time()));
  }
  if (event.has_end_time()) {
    ASSIGN_OR_RETURN(line.end_time, rpc::FromProto(event.end_time()));
  }
  line.start_ml = event.start_ml();
  line.end_ml = event.end_ml();
  line.volume_ml = event.volume_ml();
  line.flags.assign(event.flags().begin(), event.flags().end());
  line.version = event.version();
  if (line.volume_ml > kVolumeMlMax || line.volume_ml < -kVolumeMlMax) {
    return Fail(
        Code::kOutOfRange, "VOLUME_OUT_OF_RANGE",
        "Settlement line " + line.id.str() + " says more than 10⁹ m³. Correct the reading.");
  }
  return line;
}

}  // namespace

void FollowSettlements(karez::events::Consumer& consumer, const std::string& topic) {
  consumer.On<metering::v1::MeterSettled>(
      topic,
      [](pg::Tx& tx, const Context& context, const metering::v1::MeterSettled& event,
         const karez::events::Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const SettledLine line, FromProto(event));
        return store::ApplySettledLine(tx, context, line);
      });
}

}  // namespace karez::billing::consumers
