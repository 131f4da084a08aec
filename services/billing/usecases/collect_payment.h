#pragma once

#include <string>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/store/payment_store.h"

namespace karez::billing::usecases {

struct Cash {
  AccountId account_id{};
  std::int64_t amount_fen = 0;
  std::string method{};
  bool keep_surplus_as_credit = false;
};
// Adds faults of amount and method to those the caller found, and refuses with all of them.
Result<void> CheckCash(const Cash& cash, Violations& bad);

// Takes cash at the counter and puts it on the open bills, oldest first (REV-05). At any branch,
// unless the setting billing.collect_any_branch is "false". INVALID_ARGUMENT; NOT_FOUND
// "ACCOUNT_NOT_FOUND"; FAILED_PRECONDITION as CheckPayment.
Result<store::PaymentRecord> CollectPayment(pg::Tx& tx, const Context& context, const Cash& cash);

// Takes a payment back (冲正): open amounts and credit are as before it. NOT_FOUND
// "PAYMENT_NOT_FOUND"; FAILED_PRECONDITION "PAYMENT_REVERSED", "CREDIT_ALREADY_USED".
Result<store::PaymentRecord> ReversePayment(pg::Tx& tx, const Context& context, PaymentId id,
                                            const std::string& reason);

}  // namespace karez::billing::usecases
