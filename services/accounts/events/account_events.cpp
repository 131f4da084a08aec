#include "services/accounts/events/account_events.h"

#include "karez/accounts/v1/events.pb.h"

#include "libs/events/fact.h"
#include "libs/rpc/status.h"

namespace karez::accounts::events {

pg::Fact AccountChanged(const Account& account) {
  v1::AccountChanged event;
  event.set_account_id(account.id.str());
  event.set_number(account.number);
  event.set_branch_id(account.branch_id.str());
  event.set_customer_id(account.customer_id.str());
  event.set_customer_name(account.customer_name);
  event.set_address(account.address);
  event.set_tariff_code(account.tariff_code);
  event.set_household_size(account.household_size);
  event.set_state(account.state == Account::State::kOpen ? v1::AccountChanged::STATE_OPEN
                                                         : v1::AccountChanged::STATE_CLOSED);
  event.set_open_date(FormatDate(account.open_date));
  for (const auto& binding : account.bindings) {
    auto& out = *event.add_bindings();
    out.set_binding_id(binding.id.str());
    out.set_meter_id(binding.meter_id.str());
    out.set_meter_number(binding.meter_number);
    *out.mutable_from_time() = rpc::ToProto(binding.from_time);
    out.set_from_ml(binding.from_ml);
    if (!binding.to_time) continue;
    *out.mutable_to_time() = rpc::ToProto(*binding.to_time);
    out.set_to_ml(binding.to_ml);
  }
  event.set_version(account.version);
  return karez::events::MakeFact("account", account.id.value(), account.version, event);
}

}  // namespace karez::accounts::events
