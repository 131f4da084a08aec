#include "services/gateway/limits/limiter.h"

#include "libs/auth/secrets.h"
#include "libs/base/bytes.h"

namespace karez::gateway::limits {
namespace {

// Addresses are personal data: the key shows only a hash.
std::string AddressKey(options::v1::RateClass rate_class, std::string_view address) {
  return "address:" + std::to_string(rate_class) + ":" +
         ToBase64Url(auth::Sha256(address).substr(0, 12));
}

}  // namespace

Limiter::Limiter(LimitSettings settings, std::shared_ptr<cache::Redis> redis)
    : settings_(std::move(settings)) {
  if (redis) shared_ = std::make_unique<SharedLimits>(std::move(redis), buckets_);
}

const ClassLimits& Limiter::LimitsOf(options::v1::RateClass rate_class) const {
  switch (rate_class) {
    case options::v1::RATE_READ:
      return settings_.read;
    case options::v1::RATE_HEAVY:
      return settings_.heavy;
    case options::v1::RATE_AUTH:
      return settings_.auth;
    default:
      return settings_.write;
  }
}

Decision Limiter::Take(const std::string& key, const Rate& rate, SteadyTime now) {
  const Decision decision = buckets_.Take(key, rate, now);
  if (decision.allowed && shared_) shared_->Report(key, rate);
  return decision;
}

Decision Limiter::TakeForCaller(options::v1::RateClass rate_class, TenantId tenant,
                                std::string_view subject, std::string_view address,
                                SteadyTime now) {
  if (rate_class == options::v1::RATE_AUTH) {
    const Decision decision = TakeForAddress(rate_class, address, now);
    if (!decision.allowed) return decision;
  }
  const ClassLimits& limits = LimitsOf(rate_class);
  const std::string suffix = std::to_string(rate_class);
  const std::string tenant_key = "{" + std::to_string(tenant) + "}:" + suffix;
  const Decision own = Take(tenant_key + ":" + std::string(subject), limits.caller, now);
  if (!own.allowed) return own;
  const Decision whole = Take(tenant_key, limits.tenant, now);
  return whole.allowed ? own : whole;
}

Decision Limiter::TakeForAddress(options::v1::RateClass rate_class, std::string_view address,
                                 SteadyTime now) {
  return Take(AddressKey(rate_class, address), LimitsOf(rate_class).caller, now);
}

}  // namespace karez::gateway::limits
