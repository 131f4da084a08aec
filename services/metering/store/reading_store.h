// Readings, the newest of each meter, and days of hourly increments.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/day_series.h"
#include "services/metering/domain/reading.h"

namespace karez::metering::store {

// The newest reading of each meter that has one, locked until the end of the transaction.
struct Latest {
  domain::Reading reading;
  std::int64_t version = 0;
};
std::map<domain::MeterId, Latest> LockLatest(pg::Tx& tx, const Context& context,
                                             const std::vector<domain::MeterId>& meters);
std::map<domain::MeterId, domain::Reading> LatestOf(pg::Tx& tx, const Context& context,
                                                    const std::vector<domain::MeterId>& meters);
// Sets the newest readings; one that is not newer changes nothing.
void SaveLatest(pg::Tx& tx, const Context& context, std::span<const Latest> latest);

struct Neighbours {
  std::optional<domain::Point> same_time;
  std::optional<domain::Point> before;
};
struct Moment {
  domain::MeterId meter_id;
  Instant time;
};
// What is stored at and before each moment, in the order asked.
std::vector<Neighbours> FindNeighbours(pg::Tx& tx, const Context& context,
                                       std::span<const Moment> moments);

void InsertReadings(pg::Tx& tx, const Context& context, std::span<const domain::Reading> readings);

struct ReadingFilter {
  domain::MeterId meter_id;
  std::optional<Instant> from, to;  // half open
  std::optional<Instant> before;    // of the page before
  int limit = 50;
};
// Newest first.
std::vector<domain::Reading> ListReadings(pg::Tx& tx, const Context& context,
                                          const ReadingFilter& filter);

struct Day {
  domain::MeterId meter_id;
  LocalDate day;
  domain::Hours hours;
};
// The stored ones of these (meter, day) pairs, locked until the end of the transaction; hours of
// the pairs given are not read.
std::vector<Day> LockDays(pg::Tx& tx, const Context& context, std::span<const Day> days);
void SaveDays(pg::Tx& tx, const Context& context, std::span<const Day> days);
std::vector<Day> ListDays(pg::Tx& tx, const Context& context, domain::MeterId meter, LocalDate from,
                          LocalDate to);

}  // namespace karez::metering::store
