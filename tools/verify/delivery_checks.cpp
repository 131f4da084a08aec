#include "tools/verify/check.h"

namespace karez::verify {
namespace {

Check Delivered() {
  Check check{"every event delivered", {}};
  for (const std::string service : {"identity", "accounts", "metering", "billing"}) {
    const std::string outbox = service + ".outbox";
    const std::string parked = service + ".parked_event";
    check.probes.push_back(
        {outbox, "SELECT count(*) FROM " + outbox,
         "SELECT tenant_id, agg_type || ' ' || agg_id || ' v' || agg_version AS key, "
         "'in Kafka' AS expected, 'in the outbox since ' || created_at AS found FROM " +
             outbox});
    check.probes.push_back(
        {parked, "SELECT count(*) FROM " + service + ".inbox",
         "SELECT COALESCE(tenant_id, 0) AS tenant_id, "
         "consumer || ' ' || topic || ' ' || partition || ' ' || \"offset\" AS key, "
         "'applied' AS expected, 'parked: ' || reason AS found FROM " +
             parked});
  }
  return check;
}

Check Numbers() {
  Check check{"numbers given once", {}};
  const struct {
    const char* table;
    const char* column;
  } kNumbers[] = {{"accounts.account", "number"}, {"accounts.business_case", "number"},
                  {"metering.meter", "number"},   {"metering.terminal", "number"},
                  {"billing.bill", "number"},     {"billing.payment", "receipt_number"}};
  for (const auto& [table, column] : kNumbers) {
    const std::string from = std::string(" FROM ") + table;
    check.probes.push_back({table, "SELECT count(*)" + from,
                            std::string("SELECT tenant_id, ") + column +
                                " AS key, 'once' AS expected, count(*) || ' times' AS found" +
                                from + " GROUP BY tenant_id, " + column + " HAVING count(*) > 1"});
  }
  return check;
}

Check Bindings() {
  return {"a meter serves one account at a time",
          {{"accounts.meter_binding",
            "SELECT count(*) FROM accounts.meter_binding WHERE to_time IS NULL",
            R"sql(SELECT tenant_id, meter_id::text AS key, 'one' AS expected,
                         count(*)::text AS found
                    FROM accounts.meter_binding
                   WHERE to_time IS NULL
                   GROUP BY tenant_id, meter_id HAVING count(*) > 1)sql"}}};
}

}  // namespace

std::vector<Check> DeliveryChecks() { return {Delivered(), Numbers(), Bindings()}; }

}  // namespace karez::verify
