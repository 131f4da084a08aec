#include "services/metering/consumers/accounts.h"

#include "libs/rpc/status.h"
#include "services/metering/store/account_store.h"

namespace karez::metering::consumers {
namespace {

Result<domain::Binding> FromProto(const accounts::v1::MeterBinding& in, domain::AccountId account) {
  domain::Binding out;
  ASSIGN_OR_RETURN(out.id, domain::BindingId::Parse(in.binding_id()));
  ASSIGN_OR_RETURN(out.meter_id, domain::MeterId::Parse(in.meter_id()));
  out.account_id = account;
  out.meter_number = in.meter_number();
  ASSIGN_OR_RETURN(out.from.time, rpc::FromProto(in.from_time()));
  out.from.value_ml = in.from_ml();
  if (in.has_to_time()) {
    ASSIGN_OR_RETURN(const Instant to, rpc::FromProto(in.to_time()));
    out.to = domain::Point{to, in.to_ml()};
  }
  return out;
}

}  // namespace

Result<void> OnAccountChanged(pg::Tx& tx, const Context& context,
                              const accounts::v1::AccountChanged& event) {
  ASSIGN_OR_RETURN(const auto id, domain::AccountId::Parse(event.account_id()));
  ASSIGN_OR_RETURN(const auto branch, BranchId::Parse(event.branch_id()));
  std::vector<domain::Binding> bindings;
  for (const auto& binding : event.bindings()) {
    ASSIGN_OR_RETURN(bindings.emplace_back(), FromProto(binding, id));
  }
  if (store::SaveAccount(tx, context, {id, event.number(), branch, event.version()})) {
    store::SaveBindings(tx, context, id, bindings);
  }
  return {};
}

}  // namespace karez::metering::consumers
