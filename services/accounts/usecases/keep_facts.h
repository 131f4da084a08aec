// Keeps what other services tell: meters (with the imported rows that waited for them) and the read
// model of the 360° page. A fact older than what is here changes nothing.
#pragma once

#include "libs/base/context.h"
#include "libs/jobs/import.h"
#include "libs/pg/tx.h"
#include "services/accounts/domain/account_view.h"
#include "services/accounts/domain/meter.h"

namespace karez::accounts::usecases {

void KeepMeter(pg::Tx& tx, const Context& context, const karez::jobs::Imports& imports,
               const Meter& meter);
void KeepReading(pg::Tx& tx, const Context& context, const MeterReadingView& reading);
void KeepBill(pg::Tx& tx, const Context& context, const BillView& bill);
void KeepPayment(pg::Tx& tx, const Context& context, const PaymentView& payment);
void KeepBalance(pg::Tx& tx, const Context& context, const BalanceView& balance);

// Regular work: rows whose branch has come, or whose meter came in the very moment in which they
// began to wait, so that neither saw the other.
void WakeMissedRows(pg::Tx& tx, const Context& context, const karez::jobs::Imports& imports);

}  // namespace karez::accounts::usecases
