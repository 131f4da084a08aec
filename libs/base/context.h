// Who calls, for which tenant, under which request: what every use case is handed. Never a gRPC
// type, so that RPCs, consumers and jobs call the same use cases.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/trace.h"
#include "libs/base/uuid.h"
#include "libs/base/zone.h"

namespace karez {

using TenantId = std::int32_t;
using BranchId = Id<struct BranchTag>;

// The operator's own tenant; its staff may hold `platform.*` permissions.
inline constexpr TenantId kPlatformTenant = 1;

// One company with one ledger. Immutable snapshot; a change makes a new one.
struct Tenant {
  TenantId id = 0;
  std::string code;
  std::string name;
  Zone zone;
  bool active = true;
  std::map<std::string, std::string> settings;

  // The setting, or `fallback` where the tenant has not set it.
  std::string Setting(std::string_view key, std::string_view fallback) const;
  std::int64_t Setting(std::string_view key, std::int64_t fallback) const;
};

// Which rows a caller may touch: all of the tenant, or those of some branches.
struct Scope {
  bool all = true;
  std::vector<BranchId> branches;
  bool Contains(const BranchId& branch) const;
  // As a parameter of `($n::uuid[] IS NULL OR branch_id = ANY($n::uuid[]))`: nothing for all of the
  // tenant, else the branches.
  std::optional<std::vector<BranchId>> Limit() const;
};

struct Principal {
  enum class Kind { kStaff, kService, kResident };
  Kind kind = Kind::kService;
  std::string subject;  // staff id, or the name of the service
  std::string name;     // shown in audit records
  std::string session;  // empty for services
  std::set<std::string, std::less<>> permissions;
  Scope scope;
  // The service that passed the call on, empty when the gateway did.
  std::string via;

  bool Can(std::string_view permission) const { return permissions.contains(permission); }
};

class Context {
 public:
  Context(std::shared_ptr<const Tenant> tenant, Principal principal, Uuid request_id, Trace trace,
          Instant deadline, const Clock& clock)
      : tenant_(std::move(tenant)),
        principal_(std::move(principal)),
        request_id_(request_id),
        trace_(std::move(trace)),
        deadline_(deadline),
        clock_(&clock) {}

  const Tenant& tenant() const { return *tenant_; }
  TenantId tenant_id() const { return tenant_->id; }
  const Principal& principal() const { return principal_; }
  const Scope& scope() const { return principal_.scope; }
  // Nil for reads.
  const Uuid& request_id() const { return request_id_; }
  const Trace& trace() const { return trace_; }
  // When the caller stops waiting.
  Instant deadline() const { return deadline_; }
  const Clock& clock() const { return *clock_; }
  Instant Now() const { return clock_->Now(); }
  // Today in the tenant's zone.
  LocalDate Today() const { return tenant_->zone.DateOf(Now()); }

 private:
  std::shared_ptr<const Tenant> tenant_;
  Principal principal_;
  Uuid request_id_;
  Trace trace_;
  Instant deadline_;
  const Clock* clock_;
};

}  // namespace karez
