#include "services/billing/consumers/follow_accounts.h"

#include "karez/accounts/v1/events.pb.h"

#include "services/billing/store/account_store.h"

namespace karez::billing::consumers {

void FollowAccounts(karez::events::Consumer& consumer, const std::string& topic) {
  consumer.On<accounts::v1::AccountChanged>(
      topic,
      [](pg::Tx& tx, const Context& context, const accounts::v1::AccountChanged& event,
         const karez::events::Message&) -> Result<void> {
        Account account;
        ASSIGN_OR_RETURN(account.id, AccountId::Parse(event.account_id()));
        ASSIGN_OR_RETURN(account.branch_id, BranchId::Parse(event.branch_id()));
        account.number = event.number();
        account.customer_name = event.customer_name();
        account.address = event.address();
        account.tariff_code = event.tariff_code();
        account.household_size = event.household_size();
        account.open = event.state() != accounts::v1::AccountChanged::STATE_CLOSED;
        account.version = event.version();
        store::ApplyAccount(tx, context, account);
        return {};
      });
}

}  // namespace karez::billing::consumers
