// The facts billing publishes (karez.billing.v1), each with the whole state of its aggregate.
#pragma once

#include "libs/pg/tx.h"
#include "services/billing/domain/bill.h"
#include "services/billing/domain/payment.h"

namespace karez::billing::events {

pg::Fact BillChanged(const BillState& bill);
pg::Fact PaymentChanged(const Payment& payment, bool reversed);
pg::Fact BalanceChanged(const AccountBalance& balance);

}  // namespace karez::billing::events
