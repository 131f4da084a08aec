#include "services/accounts/app.h"

#include "services/accounts/consumers/follow_billing.h"
#include "services/accounts/consumers/follow_metering.h"
#include "services/accounts/jobs/account_import.h"

namespace karez::accounts {

App::App(host::Host& host)
    : imports_(jobs::AccountImport(host.sealer())),
      service_(host.server(), host.sealer(), imports_) {
  host.server().Register(&service_, v1::AccountsService::service_full_name());
  karez::events::FollowTenants(host.consumer(), host.tenants(), host.Topic("identity"));
  consumers::FollowMetering(host.consumer(), host.Topic("metering"), imports_);
  consumers::FollowBilling(host.consumer(), host.Topic("billing"));
  jobs::RunAccountImports(host.runner(), imports_);
}

}  // namespace karez::accounts
