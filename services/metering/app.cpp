#include "services/metering/app.h"

#include "services/metering/consumers/accounts.h"
#include "services/metering/consumers/frames.h"
#include "services/metering/jobs/prune_frame_keys.h"
#include "services/metering/usecases/import_devices.h"
#include "services/metering/usecases/settle_month.h"

namespace karez::metering {

App::App(host::Host& host)
    : profiles_(protocols::ProfileCatalogue::BuiltIn()),
      imports_(usecases::DeviceImport(profiles_)),
      service_(host.server(), profiles_, imports_) {
  host.server().Register(&service_, v1::MeteringService::service_full_name());

  karez::events::FollowTenants(
      host.consumer(), host.tenants(), host.Topic("identity"),
      [this](pg::Tx& tx, const Context& context, const std::string& branch) {
        imports_.Wake(tx, context, usecases::BranchKey(branch));
      });
  host.consumer().On<accounts::v1::AccountChanged>(
      host.Topic("accounts"),
      [](pg::Tx& tx, const Context& context, const accounts::v1::AccountChanged& event,
         const karez::events::Message&) {
        return consumers::OnAccountChanged(tx, context, event);
      });
  host.consumer().OnBatch(
      host.Topic("frames"),
      [this](pg::Tx& tx, const Context& context, std::span<const karez::events::Message> messages) {
        return consumers::OnFrames(tx, context, messages, profiles_);
      });

  host.runner().On(imports_.kind(),
                   [this](pg::Tx& tx, const Context& context, karez::jobs::Operation& operation) {
                     return imports_.Step(tx, context, operation);
                   });
  host.runner().On(usecases::kSettleMonthKind, usecases::StepSettleMonth);
  jobs::PruneFrameKeys(host.runner());
}

}  // namespace karez::metering
