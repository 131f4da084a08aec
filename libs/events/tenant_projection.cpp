#include <nlohmann/json.hpp>

#include "karez/identity/v1/events.pb.h"

#include "libs/events/consumer.h"

namespace karez::events {
namespace {

constexpr pg::Query kUpsertTenant{"events.upsert_tenant", R"sql(
  INSERT INTO tenant AS t (id, code, name, zone, active, settings, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE
     SET code = excluded.code, name = excluded.name, zone = excluded.zone,
         active = excluded.active, settings = excluded.settings, version = excluded.version
   WHERE excluded.version > t.version)sql"};

constexpr pg::Query kUpsertBranch{"events.upsert_branch", R"sql(
  INSERT INTO branch AS b (tenant_id, id, code, name, version) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (tenant_id, id) DO UPDATE
     SET code = excluded.code, name = excluded.name, version = excluded.version
   WHERE excluded.version > b.version)sql"};

}  // namespace

void FollowTenants(Consumer& consumer, pg::TenantDirectory& tenants, const std::string& topic,
                   BranchArrived branch_arrived) {
  namespace pb = identity::v1;
  consumer.On<pb::TenantChanged>(
      topic,
      [&tenants](pg::Tx& tx, const Context&, const pb::TenantChanged& event,
                 const Message&) -> Result<void> {
        const nlohmann::json settings =
            std::map<std::string, std::string>(event.settings().begin(), event.settings().end());
        tx.Exec(kUpsertTenant, event.tenant_id(), event.code(), event.name(), event.zone(),
                event.active(), settings.dump(), event.version());
        tenants.Invalidate();
        return {};
      });
  consumer.On<pb::BranchChanged>(
      topic,
      [branch_arrived = std::move(branch_arrived)](pg::Tx& tx, const Context& context,
                                                   const pb::BranchChanged& event,
                                                   const Message&) -> Result<void> {
        ASSIGN_OR_RETURN(const auto id, BranchId::Parse(event.branch_id()));
        tx.Exec(kUpsertBranch, context.tenant_id(), id, event.code(), event.name(),
                event.version());
        if (branch_arrived) branch_arrived(tx, context, event.code());
        return {};
      });
}

}  // namespace karez::events
