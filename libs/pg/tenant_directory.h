// The tenants this service knows, read from its own `tenant` table and kept for a second. Safe from
// any thread.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/pool.h"

namespace karez::pg {

class TenantDirectory {
 public:
  explicit TenantDirectory(Pool& pool) : pool_(pool) {}

  // Null for a tenant that is not (yet) known here. Throws Failure when the database is away.
  std::shared_ptr<const Tenant> Find(TenantId id);
  // All active tenants, for work that goes over them one transaction each.
  std::vector<std::shared_ptr<const Tenant>> Active();
  // Forget what is kept, after the table was changed by this process.
  void Invalidate();

 private:
  void Refresh();

  Pool& pool_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point loaded_{};
  std::map<TenantId, std::shared_ptr<const Tenant>> tenants_;
};

// What a consumer or job of `service` acts as, for one tenant.
Context ServiceContext(std::shared_ptr<const Tenant> tenant, std::string_view service,
                       const Clock& clock, const Trace& trace,
                       Duration time_limit = std::chrono::seconds(60));

}  // namespace karez::pg
