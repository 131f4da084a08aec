#include "services/accounts/store/meter_store.h"

namespace karez::accounts::store {
namespace {

constexpr pg::Query kUpsertMeter{"accounts.upsert_meter", R"sql(
  INSERT INTO meter AS t (tenant_id, id, number, branch_id, active, version)
  VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (tenant_id, id) DO UPDATE
     SET number = excluded.number, branch_id = excluded.branch_id, active = excluded.active,
         version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kLockMeters{"accounts.lock_meters", R"sql(
  SELECT id, number, branch_id, active, version
    FROM meter
   WHERE tenant_id = $1 AND id = ANY($2::uuid[])
     AND ($3::uuid[] IS NULL OR branch_id = ANY($3::uuid[]))
   ORDER BY id
     FOR UPDATE)sql"};

constexpr pg::Query kFindMeterByNumber{"accounts.find_meter_by_number", R"sql(
  SELECT id, number, branch_id, active, version
    FROM meter
   WHERE tenant_id = $1 AND number = $2
   ORDER BY active DESC, version DESC
   LIMIT 1)sql"};

constexpr pg::Query kFindMeterUses{"accounts.find_meter_uses", R"sql(
  SELECT b.meter_id, max(a.number) FILTER (WHERE b.to_time IS NULL) AS account_number,
         max(b.to_time) AS last_end
    FROM meter_binding b
    JOIN account a ON a.tenant_id = $1 AND a.id = b.account_id
   WHERE b.tenant_id = $1 AND b.meter_id = ANY($2::uuid[])
   GROUP BY b.meter_id)sql"};

constexpr pg::Query kFindArrivedKeys{"accounts.find_arrived_keys", R"sql(
  SELECT DISTINCT r.waits_for
    FROM import_row r
   WHERE r.tenant_id = $1 AND r.kind = $2 AND r.state = 'waiting'
     AND (EXISTS (SELECT FROM meter m
                   WHERE m.tenant_id = $1 AND r.waits_for = 'meter:' || m.number)
          OR EXISTS (SELECT FROM branch b
                      WHERE b.tenant_id = $1 AND r.waits_for = 'branch:' || b.code))
   LIMIT $3)sql"};

Meter FromRow(const pg::Row& row) {
  return {row.Get<MeterId>("id"), row.Get<std::string>("number"), row.Get<BranchId>("branch_id"),
          row.Get<bool>("active"), row.Get<std::int64_t>("version")};
}

}  // namespace

void UpsertMeter(pg::Tx& tx, const Context& context, const Meter& meter) {
  tx.Exec(kUpsertMeter, context.tenant_id(), meter.id, meter.number, meter.branch_id, meter.active,
          meter.version);
}

std::vector<Meter> LockMeters(pg::Tx& tx, const Context& context, const std::vector<MeterId>& ids) {
  std::vector<Meter> out;
  if (ids.empty()) return out;
  for (const auto row : tx.Exec(kLockMeters, context.tenant_id(), ids, context.scope().Limit())) {
    out.push_back(FromRow(row));
  }
  return out;
}

std::optional<Meter> FindMeterByNumber(pg::Tx& tx, const Context& context,
                                       const std::string& number) {
  const auto rows = tx.Exec(kFindMeterByNumber, context.tenant_id(), number);
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.One());
}

std::vector<MeterUse> FindMeterUses(pg::Tx& tx, const Context& context,
                                    const std::vector<MeterId>& ids) {
  std::vector<MeterUse> out;
  if (ids.empty()) return out;
  for (const auto row : tx.Exec(kFindMeterUses, context.tenant_id(), ids)) {
    out.push_back({row.Get<MeterId>("meter_id"),
                   row.Get<std::optional<std::string>>("account_number"),
                   row.Get<std::optional<Instant>>("last_end")});
  }
  return out;
}

std::vector<std::string> FindArrivedKeys(pg::Tx& tx, const Context& context,
                                         const std::string& import_kind, int limit) {
  std::vector<std::string> out;
  for (const auto row : tx.Exec(kFindArrivedKeys, context.tenant_id(), import_kind, limit)) {
    out.push_back(row.Get<std::string>("waits_for"));
  }
  return out;
}

}  // namespace karez::accounts::store
