#include "services/billing/app.h"

#include <cstdio>

#include "services/billing/consumers/follow_accounts.h"
#include "services/billing/consumers/follow_settlements.h"
#include "services/billing/jobs/bill_run.h"
#include "services/billing/usecases/republish.h"

namespace karez::billing {

App::App(host::Host& host) : service_(host.server()) {
  host.server().Register(&service_, v1::BillingService::service_full_name());
  karez::events::FollowTenants(host.consumer(), host.tenants(), host.Topic("identity"));
  consumers::FollowAccounts(host.consumer(), host.Topic("accounts"));
  consumers::FollowSettlements(host.consumer(), host.Topic("metering"));
  jobs::RunBills(host.runner());
}

int Republish(host::Host& host) {
  std::int64_t facts = 0;
  for (const auto& tenant : host.tenants().Active()) {
    facts += usecases::Republish(host.pool(),
                                 pg::ServiceContext(tenant, "billing", host.clock(), Trace::New()));
  }
  std::printf("%lld facts are on their way\n", static_cast<long long>(facts));
  return 0;
}

}  // namespace karez::billing
