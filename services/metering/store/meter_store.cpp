#include "services/metering/store/meter_store.h"

namespace karez::metering::store {
namespace {

constexpr pg::Query kInsertMeter{"metering.insert_meter", R"sql(
  INSERT INTO meter (tenant_id, id, number, branch_id, profile, diameter_mm, register_digits,
                     device_address, terminal_id, active, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
      ON CONFLICT DO NOTHING)sql"};

constexpr pg::Query kNumberTaken{"metering.meter_number_taken", R"sql(
  SELECT 1 FROM meter WHERE tenant_id = $1 AND number = $2)sql"};

constexpr pg::Query kGetMeter{"metering.get_meter", R"sql(
  SELECT m.id, m.number, m.branch_id, m.profile, m.diameter_mm, m.register_digits,
         m.device_address, m.terminal_id, t.number AS terminal_number, m.active, m.version
    FROM meter m
    LEFT JOIN terminal t ON t.tenant_id = m.tenant_id AND t.id = m.terminal_id
   WHERE m.tenant_id = $1 AND m.id = $2
     AND ($3::uuid[] IS NULL OR m.branch_id = ANY($3::uuid[])))sql"};

constexpr pg::Query kFindMeter{"metering.find_meter", R"sql(
  SELECT m.id, m.number, m.branch_id, m.profile, m.diameter_mm, m.register_digits,
         m.device_address, m.terminal_id, t.number AS terminal_number, m.active, m.version
    FROM meter m
    LEFT JOIN terminal t ON t.tenant_id = m.tenant_id AND t.id = m.terminal_id
   WHERE m.tenant_id = $1 AND m.number = $2)sql"};

constexpr pg::Query kListMeters{"metering.list_meters", R"sql(
  SELECT m.id, m.number, m.branch_id, m.profile, m.diameter_mm, m.register_digits,
         m.device_address, m.terminal_id, t.number AS terminal_number, m.active, m.version
    FROM meter m
    LEFT JOIN terminal t ON t.tenant_id = m.tenant_id AND t.id = m.terminal_id
   WHERE m.tenant_id = $1 AND ($2::uuid[] IS NULL OR m.branch_id = ANY($2::uuid[]))
     AND m.number ^@ $3 AND m.number > $4
     AND ($5::uuid IS NULL OR m.terminal_id = $5)
   ORDER BY m.number
   LIMIT $6)sql"};

constexpr pg::Query kMatchMeters{"metering.match_meters", R"sql(
  SELECT m.id, m.number, m.branch_id, m.profile, m.diameter_mm, m.register_digits,
         m.device_address, m.terminal_id, NULL AS terminal_number, m.active, m.version
    FROM unnest($2::uuid[], $3::text[]) AS asked (terminal_id, device_address)
    JOIN meter m ON m.tenant_id = $1 AND m.terminal_id = asked.terminal_id
                AND m.device_address = asked.device_address)sql"};

constexpr pg::Query kMetersOfTerminal{"metering.meters_of_terminal", R"sql(
  SELECT id, number, branch_id, profile, diameter_mm, register_digits, device_address,
         terminal_id, NULL AS terminal_number, active, version
    FROM meter
   WHERE tenant_id = $1 AND terminal_id = $2 AND active
   ORDER BY device_address)sql"};

constexpr pg::Query kHasBranch{"metering.has_branch", R"sql(
  SELECT 1 FROM branch WHERE tenant_id = $1 AND id = $2)sql"};

constexpr pg::Query kFindBranch{"metering.find_branch", R"sql(
  SELECT id FROM branch WHERE tenant_id = $1 AND code = $2)sql"};

domain::Meter ToMeter(const pg::Row& row) {
  domain::Meter meter;
  meter.id = row.Get<domain::MeterId>("id");
  meter.number = row.Get<std::string>("number");
  meter.branch_id = row.Get<BranchId>("branch_id");
  meter.profile = row.Get<std::string>("profile");
  meter.reg = {row.Get<int>("diameter_mm"), row.Get<int>("register_digits")};
  meter.device_address = row.Get<std::string>("device_address");
  meter.terminal_id = row.Get<std::optional<domain::TerminalId>>("terminal_id");
  meter.terminal_number = row.Get<std::optional<std::string>>("terminal_number").value_or("");
  meter.active = row.Get<bool>("active");
  meter.version = row.Get<std::int64_t>("version");
  return meter;
}

std::vector<domain::Meter> ToMeters(const pg::Rows& rows) {
  std::vector<domain::Meter> meters;
  meters.reserve(rows.size());
  for (const pg::Row row : rows) meters.push_back(ToMeter(row));
  return meters;
}

}  // namespace

Result<void> InsertMeter(pg::Tx& tx, const Context& context, const domain::Meter& meter) {
  const auto inserted =
      tx.Exec(kInsertMeter, context.tenant_id(), meter.id, meter.number, meter.branch_id,
              meter.profile, meter.reg.diameter_mm, meter.reg.digits, meter.device_address,
              meter.terminal_id, meter.active, meter.version);
  if (inserted.affected() == 1) return {};
  if (!tx.Exec(kNumberTaken, context.tenant_id(), meter.number).empty()) {
    return Fail(Code::kAlreadyExists, "METER_NUMBER_TAKEN",
                "A meter with this number is registered already.", {{"number", meter.number}});
  }
  return Fail(Code::kAlreadyExists, "DEVICE_ADDRESS_TAKEN",
              "Another meter on this terminal has this device address: give each its own.",
              {{"device_address", meter.device_address}});
}

Result<domain::Meter> GetMeter(pg::Tx& tx, const Context& context, domain::MeterId id) {
  const auto rows = tx.Exec(kGetMeter, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) {
    return Fail(Code::kNotFound, "METER_NOT_FOUND", "There is no meter with this id.");
  }
  return ToMeter(rows.One());
}

std::optional<domain::Meter> FindMeter(pg::Tx& tx, const Context& context,
                                       const std::string& number) {
  const auto rows = tx.Exec(kFindMeter, context.tenant_id(), number);
  if (rows.empty()) return std::nullopt;
  return ToMeter(rows.One());
}

std::vector<domain::Meter> ListMeters(pg::Tx& tx, const Context& context,
                                      const MeterFilter& filter) {
  return ToMeters(tx.Exec(kListMeters, context.tenant_id(), context.scope().Limit(),
                          filter.number_prefix, filter.after_number, filter.terminal_id,
                          filter.limit));
}

std::vector<domain::Meter> MatchMeters(pg::Tx& tx, const Context& context,
                                       const std::vector<domain::TerminalId>& terminals,
                                       const std::vector<std::string>& addresses) {
  return ToMeters(tx.Exec(kMatchMeters, context.tenant_id(), terminals, addresses));
}

std::vector<domain::Meter> MetersOfTerminal(pg::Tx& tx, TenantId tenant,
                                            domain::TerminalId terminal) {
  return ToMeters(tx.Exec(kMetersOfTerminal, tenant, terminal));
}

Result<void> RequireBranch(pg::Tx& tx, const Context& context, BranchId branch) {
  if (context.scope().Contains(branch) &&
      !tx.Exec(kHasBranch, context.tenant_id(), branch).empty()) {
    return {};
  }
  return Fail(Code::kNotFound, "BRANCH_NOT_FOUND", "There is no branch with this id.");
}

std::optional<BranchId> FindBranch(pg::Tx& tx, const Context& context, const std::string& code) {
  const auto rows = tx.Exec(kFindBranch, context.tenant_id(), code);
  if (rows.empty()) return std::nullopt;
  return rows.One().Get<BranchId>("id");
}

}  // namespace karez::metering::store
