// Which buckets a call draws from. Safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "karez/options/v1/options.pb.h"

#include "libs/base/context.h"
#include "services/gateway/limits/buckets.h"
#include "services/gateway/limits/shared_limits.h"

namespace karez::gateway::limits {

struct ClassLimits {
  Rate caller;  // per member of staff; per client address where nobody is signed in
  Rate tenant;
};

struct LimitSettings {
  ClassLimits read;
  ClassLimits write;
  ClassLimits heavy;
  ClassLimits auth;
};

class Limiter {
 public:
  // `redis` may be null: then this process counts alone.
  Limiter(LimitSettings settings, std::shared_ptr<cache::Redis> redis);

  // A caller who is signed in: his own bucket first, so that what he is refused does not cost his
  // tenant. RATE_AUTH counts the client's address too.
  Decision TakeForCaller(options::v1::RateClass rate_class, TenantId tenant,
                         std::string_view subject, std::string_view address, SteadyTime now);
  // Anyone else.
  Decision TakeForAddress(options::v1::RateClass rate_class, std::string_view address,
                          SteadyTime now);

 private:
  const ClassLimits& LimitsOf(options::v1::RateClass rate_class) const;
  Decision Take(const std::string& key, const Rate& rate, SteadyTime now);

  const LimitSettings settings_;
  Buckets buckets_;
  std::unique_ptr<SharedLimits> shared_;
};

}  // namespace karez::gateway::limits
