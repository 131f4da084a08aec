// The read model of the 360° page. Each Keep takes a fact when it is newer than what is here.
#pragma once

#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account_view.h"

namespace karez::accounts::store {

void Keep(pg::Tx& tx, const Context& context, const BillView& bill);
void Keep(pg::Tx& tx, const Context& context, const PaymentView& payment);
void Keep(pg::Tx& tx, const Context& context, const BalanceView& balance);
void Keep(pg::Tx& tx, const Context& context, const MeterReadingView& reading);

// Zero where billing has said nothing yet.
BalanceView FindBalance(pg::Tx& tx, const Context& context, AccountId account);
// Newest first.
std::vector<BillView> ListBills(pg::Tx& tx, const Context& context, AccountId account, int limit);
std::vector<PaymentView> ListPayments(pg::Tx& tx, const Context& context, AccountId account,
                                      int limit);
std::vector<MeterReadingView> ListReadings(pg::Tx& tx, const Context& context,
                                           const std::vector<MeterId>& meters);

}  // namespace karez::accounts::store
