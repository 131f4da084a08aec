#include "services/metering/store/reading_store.h"

#include "services/metering/store/row_text.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kLockLatest{"metering.lock_latest_readings", R"sql(
  SELECT meter_id, time, value_ml, settled_ml, received_at, time_quality, valve, battery_low,
         flags, version
    FROM latest_reading
   WHERE tenant_id = $1 AND meter_id = ANY($2::uuid[])
   ORDER BY meter_id
     FOR UPDATE)sql"};

constexpr pg::Query kLatestOf{"metering.latest_readings", R"sql(
  SELECT meter_id, time, value_ml, settled_ml, received_at, time_quality, valve, battery_low,
         flags
    FROM latest_reading
   WHERE tenant_id = $1 AND meter_id = ANY($2::uuid[]))sql"};

constexpr pg::Query kSaveLatest{"metering.save_latest_readings", R"sql(
  INSERT INTO latest_reading AS l (tenant_id, meter_id, time, value_ml, settled_ml, received_at,
                                   time_quality, valve, battery_low, flags, version)
  SELECT $1, meter_id, time, value_ml, settled_ml, received_at, time_quality, valve, battery_low,
         string_to_array(flags, ','), version
    FROM unnest($2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::timestamptz[],
                $7::text[], $8::text[], $9::boolean[], $10::text[], $11::bigint[])
         AS newest (meter_id, time, value_ml, settled_ml, received_at, time_quality, valve,
                    battery_low, flags, version)
   ORDER BY meter_id
      ON CONFLICT (tenant_id, meter_id) DO UPDATE
     SET time = excluded.time, value_ml = excluded.value_ml, settled_ml = excluded.settled_ml,
         received_at = excluded.received_at, time_quality = excluded.time_quality,
         valve = excluded.valve, battery_low = excluded.battery_low, flags = excluded.flags,
         version = excluded.version
   WHERE excluded.version > l.version)sql"};

constexpr pg::Query kNeighbours{"metering.reading_neighbours", R"sql(
  SELECT asked.place, same.value_ml AS same_ml, prior.time AS prior_time,
         prior.value_ml AS prior_ml
    FROM unnest($2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS asked (meter_id, time, place)
    LEFT JOIN LATERAL (
         SELECT value_ml FROM reading
          WHERE tenant_id = $1 AND meter_id = asked.meter_id AND register = 0
            AND time = asked.time) same ON true
    LEFT JOIN LATERAL (
         SELECT time, value_ml FROM reading
          WHERE tenant_id = $1 AND meter_id = asked.meter_id AND register = 0
            AND time < asked.time
          ORDER BY time DESC
          LIMIT 1) prior ON true
   ORDER BY asked.place)sql"};

constexpr pg::Query kInsertReadings{"metering.insert_readings", R"sql(
  INSERT INTO reading (tenant_id, meter_id, register, time, value_ml, settled_ml, received_at,
                       time_quality, valve, battery_low, flags)
  SELECT $1, meter_id, 0, time, value_ml, settled_ml, received_at, time_quality, valve,
         battery_low, string_to_array(flags, ',')
    FROM unnest($2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::timestamptz[],
                $7::text[], $8::text[], $9::boolean[], $10::text[])
         AS r (meter_id, time, value_ml, settled_ml, received_at, time_quality, valve,
               battery_low, flags)
   ORDER BY meter_id, time
  RETURNING tenant_id)sql"};

constexpr pg::Query kListReadings{"metering.list_readings", R"sql(
  SELECT meter_id, time, value_ml, settled_ml, received_at, time_quality, valve, battery_low,
         flags
    FROM reading
   WHERE tenant_id = $1 AND meter_id = $2 AND register = 0
     AND ($3::timestamptz IS NULL OR time >= $3) AND ($4::timestamptz IS NULL OR time < $4)
     AND ($5::timestamptz IS NULL OR time < $5)
   ORDER BY time DESC
   LIMIT $6)sql"};

constexpr pg::Query kLockDays{"metering.lock_days", R"sql(
  SELECT d.meter_id, d.day, d.hours_ml
    FROM day_series d
   WHERE d.tenant_id = $1 AND d.register = 0 AND d.day BETWEEN $4 AND $5
     AND (d.meter_id, d.day) IN (SELECT * FROM unnest($2::uuid[], $3::date[]))
   ORDER BY d.meter_id, d.day
     FOR UPDATE)sql"};

constexpr pg::Query kSaveDays{"metering.save_days", R"sql(
  INSERT INTO day_series (tenant_id, meter_id, register, day, hours_ml)
  SELECT $1, meter_id, 0, day, hours_ml::bigint[]
    FROM unnest($2::uuid[], $3::date[], $4::text[]) AS d (meter_id, day, hours_ml)
   ORDER BY meter_id, day
      ON CONFLICT (tenant_id, meter_id, register, day) DO UPDATE
     SET hours_ml = excluded.hours_ml)sql"};

constexpr pg::Query kListDays{"metering.list_days", R"sql(
  SELECT meter_id, day, hours_ml
    FROM day_series
   WHERE tenant_id = $1 AND meter_id = $2 AND register = 0 AND day BETWEEN $3 AND $4
   ORDER BY day)sql"};

domain::Reading ToReading(const pg::Row& row) {
  domain::Reading reading;
  reading.meter_id = row.Get<domain::MeterId>("meter_id");
  reading.point = {row.Get<Instant>("time"), row.Get<std::int64_t>("value_ml")};
  reading.received_at = row.Get<Instant>("received_at");
  reading.quality = row.Get<std::string>("time_quality") == "device"
                        ? domain::TimeQuality::kDevice
                        : domain::TimeQuality::kReceived;
  reading.settled_ml = row.Get<std::optional<std::int64_t>>("settled_ml");
  reading.valve = row.Get<std::string>("valve");
  reading.battery_low = row.Get<bool>("battery_low");
  reading.flags = row.Get<std::vector<std::string>>("flags");
  return reading;
}

// Readings as columns, for unnest.
struct ReadingColumns {
  std::vector<domain::MeterId> meters;
  std::vector<Instant> times, received;
  std::vector<std::int64_t> values;
  std::vector<std::optional<std::int64_t>> settled;
  std::vector<std::string> qualities, valves, flags;
  std::vector<bool> batteries;

  void Add(const domain::Reading& reading) {
    meters.push_back(reading.meter_id);
    times.push_back(reading.point.time);
    values.push_back(reading.point.value_ml);
    settled.push_back(reading.settled_ml);
    received.push_back(reading.received_at);
    qualities.push_back(Name(reading.quality));
    valves.push_back(reading.valve);
    batteries.push_back(reading.battery_low);
    flags.push_back(JoinFlags(reading.flags));
  }
};

Day ToDay(const pg::Row& row) {
  Day day{row.Get<domain::MeterId>("meter_id"), row.Get<LocalDate>("day"), domain::NoHours()};
  const auto hours = row.Get<std::vector<std::int64_t>>("hours_ml");
  std::copy_n(hours.begin(), day.hours.size(), day.hours.begin());
  return day;
}

}  // namespace

std::map<domain::MeterId, Latest> LockLatest(pg::Tx& tx, const Context& context,
                                             const std::vector<domain::MeterId>& meters) {
  std::map<domain::MeterId, Latest> out;
  for (const pg::Row row : tx.Exec(kLockLatest, context.tenant_id(), meters)) {
    domain::Reading reading = ToReading(row);
    const domain::MeterId meter = reading.meter_id;
    out.emplace(meter, Latest{std::move(reading), row.Get<std::int64_t>("version")});
  }
  return out;
}

std::map<domain::MeterId, domain::Reading> LatestOf(pg::Tx& tx, const Context& context,
                                                    const std::vector<domain::MeterId>& meters) {
  std::map<domain::MeterId, domain::Reading> out;
  for (const pg::Row row : tx.Exec(kLatestOf, context.tenant_id(), meters)) {
    domain::Reading reading = ToReading(row);
    const domain::MeterId meter = reading.meter_id;
    out.emplace(meter, std::move(reading));
  }
  return out;
}

void SaveLatest(pg::Tx& tx, const Context& context, std::span<const Latest> latest) {
  if (latest.empty()) return;
  ReadingColumns columns;
  std::vector<std::int64_t> versions;
  for (const Latest& newest : latest) {
    columns.Add(newest.reading);
    versions.push_back(newest.version);
  }
  tx.Exec(kSaveLatest, context.tenant_id(), columns.meters, columns.times, columns.values,
          columns.settled, columns.received, columns.qualities, columns.valves, columns.batteries,
          columns.flags, versions);
}

std::vector<Neighbours> FindNeighbours(pg::Tx& tx, const Context& context,
                                       std::span<const Moment> moments) {
  std::vector<Neighbours> out;
  if (moments.empty()) return out;
  std::vector<domain::MeterId> meters;
  std::vector<Instant> times;
  for (const Moment& moment : moments) {
    meters.push_back(moment.meter_id);
    times.push_back(moment.time);
  }
  out.reserve(moments.size());
  for (const pg::Row row : tx.Exec(kNeighbours, context.tenant_id(), meters, times)) {
    Neighbours found;
    if (const auto ml = row.Get<std::optional<std::int64_t>>("same_ml")) {
      found.same_time = domain::Point{times[out.size()], *ml};
    }
    if (const auto time = row.Get<std::optional<Instant>>("prior_time")) {
      found.before = domain::Point{*time, row.Get<std::int64_t>("prior_ml")};
    }
    out.push_back(found);
  }
  return out;
}

void InsertReadings(pg::Tx& tx, const Context& context, std::span<const domain::Reading> readings) {
  if (readings.empty()) return;
  ReadingColumns columns;
  for (const domain::Reading& reading : readings) columns.Add(reading);
  tx.Exec(kInsertReadings, context.tenant_id(), columns.meters, columns.times, columns.values,
          columns.settled, columns.received, columns.qualities, columns.valves, columns.batteries,
          columns.flags);
}

std::vector<domain::Reading> ListReadings(pg::Tx& tx, const Context& context,
                                          const ReadingFilter& filter) {
  std::vector<domain::Reading> out;
  for (const pg::Row row : tx.Exec(kListReadings, context.tenant_id(), filter.meter_id, filter.from,
                                   filter.to, filter.before, filter.limit)) {
    out.push_back(ToReading(row));
  }
  return out;
}

std::vector<Day> LockDays(pg::Tx& tx, const Context& context, std::span<const Day> days) {
  std::vector<Day> out;
  if (days.empty()) return out;
  std::vector<domain::MeterId> meters;
  std::vector<LocalDate> dates;
  LocalDate first = days[0].day, last = days[0].day;
  for (const Day& day : days) {
    meters.push_back(day.meter_id);
    dates.push_back(day.day);
    first = std::min(first, day.day);
    last = std::max(last, day.day);
  }
  for (const pg::Row row : tx.Exec(kLockDays, context.tenant_id(), meters, dates, first, last)) {
    out.push_back(ToDay(row));
  }
  return out;
}

void SaveDays(pg::Tx& tx, const Context& context, std::span<const Day> days) {
  if (days.empty()) return;
  std::vector<domain::MeterId> meters;
  std::vector<LocalDate> dates;
  std::vector<std::string> hours;
  for (const Day& day : days) {
    meters.push_back(day.meter_id);
    dates.push_back(day.day);
    std::string text = "{";
    for (const std::int64_t hour : day.hours) {
      if (text.size() > 1) text += ',';
      text += std::to_string(hour);
    }
    hours.push_back(text + "}");
  }
  tx.Exec(kSaveDays, context.tenant_id(), meters, dates, hours);
}

std::vector<Day> ListDays(pg::Tx& tx, const Context& context, domain::MeterId meter, LocalDate from,
                          LocalDate to) {
  std::vector<Day> out;
  for (const pg::Row row : tx.Exec(kListDays, context.tenant_id(), meter, from, to)) {
    out.push_back(ToDay(row));
  }
  return out;
}

}  // namespace karez::metering::store
