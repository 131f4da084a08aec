#include "services/identity/jobs/purge_sessions.h"

#include "services/identity/store/session_store.h"

namespace karez::identity::jobs {
namespace {

constexpr std::chrono::seconds kPeriod = std::chrono::hours(24);
// Ended sessions are kept for a while, so that a reused refresh token is still recognised.
constexpr Duration kKeepSessions = std::chrono::hours(30 * 24);
// No access token lives this long.
constexpr Duration kKeepRevocations = std::chrono::hours(24);

}  // namespace

void PurgeSessions(karez::jobs::Runner& runner) {
  runner.Every("identity.purge_sessions", kPeriod,
               [](pg::Tx& tx, const Context& context) -> Result<void> {
                 store::PurgeSessions(tx, context.tenant_id(), context.Now() - kKeepSessions);
                 if (context.tenant_id() == kPlatformTenant) {
                   store::PurgeRevocations(tx, context.Now() - kKeepRevocations);
                 }
                 return {};
               });
}

}  // namespace karez::identity::jobs
