#include "services/billing/store/tariff_store.h"

#include <stdexcept>

#include "services/billing/store/tariff_proto.h"

namespace karez::billing::store {
namespace {

// The counter row is the lock: it is there before the first version is.
constexpr pg::Query kLockTariffCode{"billing.lock_tariff_code", R"sql(
  INSERT INTO number_counter AS c (tenant_id, series, last) VALUES ($1, 'tariff:' || $2, 0)
  ON CONFLICT (tenant_id, series) DO UPDATE SET last = c.last)sql"};

constexpr pg::Query kLastVersion{"billing.last_tariff_version", R"sql(
  SELECT COALESCE(max(version), 0) AS version FROM tariff WHERE tenant_id = $1 AND code = $2)sql"};

constexpr pg::Query kTariffBeginsOn{"billing.tariff_begins_on", R"sql(
  SELECT EXISTS (SELECT FROM tariff
                  WHERE tenant_id = $1 AND code = $2 AND effective_from = $3) AS found)sql"};

constexpr pg::Query kIsBilledFrom{"billing.is_billed_from", R"sql(
  SELECT EXISTS (SELECT FROM bill_state
                  WHERE tenant_id = $1 AND tariff_code = $2 AND period_end >= $3
                    AND state <> 'reversed') AS found)sql"};

constexpr pg::Query kInsertTariff{"billing.insert_tariff", R"sql(
  INSERT INTO tariff (tenant_id, id, code, version, effective_from, definition, published_by,
                      publish_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))sql"};

constexpr pg::Query kListTariffs{"billing.list_tariffs", R"sql(
  SELECT id, version, definition, published_by, publish_time
    FROM tariff
   WHERE tenant_id = $1 AND ($2 = '' OR code = $2)
     AND (code > $3 OR (code = $3 AND version < $4))
   ORDER BY code, version DESC
   LIMIT $5)sql"};

constexpr pg::Query kTariffsOf{"billing.tariffs_of", R"sql(
  SELECT id, version, definition, published_by, publish_time
    FROM tariff
   WHERE tenant_id = $1 AND code = ANY($2::text[])
   ORDER BY code, effective_from DESC)sql"};

Tariff FromRow(const pg::Row& row) {
  v1::TariffDefinition definition;
  if (!definition.ParseFromString(row.GetBytes("definition"))) {
    throw std::logic_error("stored tariff is no TariffDefinition");
  }
  Tariff tariff;
  tariff.id = row.Get<TariffId>("id");
  tariff.version = row.Get<std::int32_t>("version");
  tariff.definition = FromProto(definition);
  tariff.published_by = row.Get<std::string>("published_by");
  tariff.publish_time = row.Get<Instant>("publish_time");
  return tariff;
}

}  // namespace

std::int32_t LockTariffCode(pg::Tx& tx, const Context& context, const std::string& code) {
  tx.Exec(kLockTariffCode, context.tenant_id(), code);
  return tx.Exec(kLastVersion, context.tenant_id(), code).One().Get<std::int32_t>("version");
}

bool TariffBeginsOn(pg::Tx& tx, const Context& context, const std::string& code, LocalDate day) {
  return tx.Exec(kTariffBeginsOn, context.tenant_id(), code, day).One().Get<bool>("found");
}

bool IsBilledFrom(pg::Tx& tx, const Context& context, const std::string& code, LocalDate day) {
  return tx.Exec(kIsBilledFrom, context.tenant_id(), code, day).One().Get<bool>("found");
}

void InsertTariff(pg::Tx& tx, const Context& context, const Tariff& tariff) {
  v1::TariffDefinition definition;
  ToProto(tariff.definition, definition);
  tx.Exec(kInsertTariff, context.tenant_id(), tariff.id, tariff.definition.code, tariff.version,
          *tariff.definition.effective_from, pg::Bytes{definition.SerializeAsString()},
          tariff.published_by, tariff.publish_time);
}

std::vector<Tariff> ListTariffs(pg::Tx& tx, const Context& context, const std::string& code,
                                const std::pair<std::string, std::int32_t>& after, int limit) {
  std::vector<Tariff> out;
  for (const auto& row :
       tx.Exec(kListTariffs, context.tenant_id(), code, after.first, after.second, limit)) {
    out.push_back(FromRow(row));
  }
  return out;
}

std::map<std::string, std::vector<Tariff>> TariffsOf(pg::Tx& tx, const Context& context,
                                                     const std::vector<std::string>& codes) {
  std::map<std::string, std::vector<Tariff>> out;
  for (const auto& row : tx.Exec(kTariffsOf, context.tenant_id(), codes)) {
    Tariff tariff = FromRow(row);
    out[tariff.definition.code].push_back(std::move(tariff));
  }
  return out;
}

}  // namespace karez::billing::store
