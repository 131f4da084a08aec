#include "services/accounts/usecases/change_account.h"

#include "services/accounts/events/account_events.h"
#include "services/accounts/store/account_store.h"
#include "services/accounts/store/view_store.h"
#include "services/accounts/usecases/write_account.h"

namespace karez::accounts::usecases {
namespace {

void WriteChange(pg::Tx& tx, const Context& context, Account& account, CaseKind kind,
                 const std::string& note, const std::string& change) {
  store::UpdateAccount(tx, context, account);
  WriteCase(tx, context, kind, account.id, note, change);
  tx.Publish(events::AccountChanged(account));
}

}  // namespace

Result<Account> ChangeHousehold(pg::Tx& tx, const Context& context, AccountId id, int size,
                                const std::string& note) {
  ASSIGN_OR_RETURN(auto account, store::LockAccount(tx, context, id));
  const int before = account.household_size;
  ASSIGN_OR_RETURN(const bool changed, account.ChangeHousehold(size));
  if (changed) {
    WriteChange(tx, context, account, CaseKind::kChangeHousehold, note,
                "household_size: " + std::to_string(before) + " -> " + std::to_string(size));
  }
  return account;
}

Result<Account> BindMeter(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                          AccountId id, const NewBinding& wanted) {
  ASSIGN_OR_RETURN(auto account, store::LockAccount(tx, context, id));
  ASSIGN_OR_RETURN(const auto bindings, TakeMeters(tx, context, {wanted}));
  const auto& binding = bindings.front();
  RETURN_IF_ERROR(account.Bind(binding));
  store::InsertBindings(tx, context, id, bindings);
  WriteChange(tx, context, account, CaseKind::kBindMeter, "",
              "meter_number: " + binding.meter_number +
                  "; from_ml: " + std::to_string(binding.from_ml) +
                  "; from_time: " + FormatInstant(binding.from_time));
  RETURN_IF_ERROR(WriteTokens(tx, context, sealer, account));
  return account;
}

Result<Account> UnbindMeter(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                            AccountId id, const MeterEnd& end) {
  ASSIGN_OR_RETURN(auto account, store::LockAccount(tx, context, id));
  const MeterBinding* bound = account.OpenBinding(end.meter_id);
  RETURN_IF_ERROR(account.Unbind(end.meter_id, end.to_ml, end.to_time));
  store::EndBinding(tx, context, *bound);
  WriteChange(tx, context, account, CaseKind::kUnbindMeter, "",
              "meter_number: " + bound->meter_number + "; to_ml: " + std::to_string(end.to_ml) +
                  "; to_time: " + FormatInstant(end.to_time));
  RETURN_IF_ERROR(WriteTokens(tx, context, sealer, account));
  return account;
}

Result<Account> CloseAccount(pg::Tx& tx, const Context& context, AccountId id,
                             const std::string& note) {
  ASSIGN_OR_RETURN(auto account, store::LockAccount(tx, context, id));
  const auto balance = store::FindBalance(tx, context, id);
  ASSIGN_OR_RETURN(const bool changed, account.Close(balance.arrears_fen, context.Today()));
  if (changed) {
    WriteChange(tx, context, account, CaseKind::kClose, note, "state: open -> closed");
  }
  return account;
}

}  // namespace karez::accounts::usecases
