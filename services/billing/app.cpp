#include "services/billing/app.h"

#include "services/billing/consumers/follow_accounts.h"
#include "services/billing/consumers/follow_settlements.h"
#include "services/billing/jobs/bill_run.h"

namespace karez::billing {

App::App(host::Host& host) : service_(host.server()) {
  host.server().Register(&service_, v1::BillingService::service_full_name());
  karez::events::FollowTenants(host.consumer(), host.tenants(), host.Topic("identity"));
  consumers::FollowAccounts(host.consumer(), host.Topic("accounts"));
  consumers::FollowSettlements(host.consumer(), host.Topic("metering"));
  jobs::RunBills(host.runner());
}

}  // namespace karez::billing
