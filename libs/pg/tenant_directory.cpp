#include "libs/pg/tenant_directory.h"

#include <nlohmann/json.hpp>

namespace karez::pg {
namespace {

constexpr Query kSelectTenants{"pg.select_tenants", R"sql(
  SELECT id, code, name, zone, active, settings::text AS settings FROM tenant)sql"};

constexpr auto kKeepFor = std::chrono::seconds(1);

std::shared_ptr<const Tenant> FromRow(const Row& row) {
  auto tenant = std::make_shared<Tenant>();
  tenant->id = row.Get<std::int32_t>("id");
  tenant->code = row.Get<std::string>("code");
  tenant->name = row.Get<std::string>("name");
  tenant->active = row.Get<bool>("active");
  if (const auto zone = Zone::Find(row.Get<std::string>("zone"))) tenant->zone = *zone;
  tenant->settings = nlohmann::json::parse(row.Get<std::string>("settings"))
                         .get<std::map<std::string, std::string>>();
  return tenant;
}

}  // namespace

void TenantDirectory::Refresh() {
  if (std::chrono::steady_clock::now() - loaded_ < kKeepFor) return;
  std::map<TenantId, std::shared_ptr<const Tenant>> fresh;
  pool_.RunTransaction({}, [&](Tx& tx) {
    fresh.clear();
    for (const auto& row : tx.Exec(kSelectTenants)) {
      auto tenant = FromRow(row);
      fresh[tenant->id] = std::move(tenant);
    }
    return false;  // nothing to commit
  });
  tenants_ = std::move(fresh);
  loaded_ = std::chrono::steady_clock::now();
}

std::shared_ptr<const Tenant> TenantDirectory::Find(TenantId id) {
  const std::lock_guard lock(mutex_);
  Refresh();
  const auto found = tenants_.find(id);
  return found == tenants_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Tenant>> TenantDirectory::Active() {
  const std::lock_guard lock(mutex_);
  Refresh();
  std::vector<std::shared_ptr<const Tenant>> out;
  for (const auto& [id, tenant] : tenants_) {
    if (tenant->active) out.push_back(tenant);
  }
  return out;
}

void TenantDirectory::Invalidate() {
  const std::lock_guard lock(mutex_);
  loaded_ = {};
}

Context ServiceContext(std::shared_ptr<const Tenant> tenant, std::string_view service,
                       const Clock& clock, const Trace& trace, Duration time_limit) {
  Principal principal;
  principal.kind = Principal::Kind::kService;
  principal.subject = service;
  principal.name = service;
  return Context(std::move(tenant), std::move(principal), Uuid(), trace, clock.Now() + time_limit,
                 clock);
}

}  // namespace karez::pg
