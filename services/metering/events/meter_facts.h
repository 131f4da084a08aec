// The facts metering publishes, from domain to proto.
#pragma once

#include "libs/pg/tx.h"
#include "services/metering/domain/reading.h"
#include "services/metering/domain/settlement.h"

namespace karez::metering::events {

pg::Fact MeterChanged(const domain::Meter& meter);
pg::Fact LatestReadingChanged(const domain::Reading& reading, std::int64_t version);
pg::Fact MeterSettled(const domain::Line& line);

}  // namespace karez::metering::events
