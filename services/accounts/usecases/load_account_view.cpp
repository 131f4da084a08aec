#include "services/accounts/usecases/load_account_view.h"

#include "services/accounts/store/account_store.h"
#include "services/accounts/store/case_store.h"
#include "services/accounts/store/customer_store.h"
#include "services/accounts/store/view_store.h"

namespace karez::accounts::usecases {
namespace {

constexpr int kBills = 24;
constexpr int kPayments = 24;
constexpr int kCases = 10;

}  // namespace

Result<AccountView> LoadAccountView(pg::Tx& tx, const Context& context, const auth::Sealer& sealer,
                                    AccountId id) {
  AccountView out;
  ASSIGN_OR_RETURN(out.account, store::FindAccount(tx, context, id));
  ASSIGN_OR_RETURN(out.customer, store::FindCustomer(tx, context, sealer, out.account.customer_id));
  std::vector<MeterId> meters;
  for (const auto& binding : out.account.bindings) {
    if (binding.open()) meters.push_back(binding.meter_id);
  }
  out.balance = store::FindBalance(tx, context, id);
  out.readings = store::ListReadings(tx, context, meters);
  out.bills = store::ListBills(tx, context, id, kBills);
  out.payments = store::ListPayments(tx, context, id, kPayments);
  out.cases = store::ListCases(tx, context, id, CaseId(), kCases);
  return out;
}

}  // namespace karez::accounts::usecases
