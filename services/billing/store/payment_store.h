// Payments and what they paid: rows are added, never changed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/payment.h"

namespace karez::billing::store {

// A payment as it is read.
struct PaymentRecord {
  struct Part {
    BillId bill_id{};
    std::string bill_number{};
    Month month{};
    std::int64_t amount_fen = 0;
    std::int64_t open_after_fen = 0;
  };
  Payment payment{};
  std::string account_number{};
  std::string customer_name{};
  std::vector<Part> parts{};  // as allocated, reversed or not
  bool reversed = false;
  std::string reversed_reason{};
  std::optional<Instant> reverse_time{};
};

void InsertPayment(pg::Tx& tx, const Context& context, const Payment& payment);
void InsertAllocations(pg::Tx& tx, const Context& context,
                       const std::vector<Allocation>& allocations);
void InsertPaymentReversal(pg::Tx& tx, const Context& context, PaymentId payment,
                           const std::string& reason);
// Those not taken back, in the order they were made.
std::vector<Allocation> StandingAllocationsOf(pg::Tx& tx, const Context& context,
                                              PaymentId payment);
std::vector<Allocation> StandingAllocationsOn(pg::Tx& tx, const Context& context, BillId bill);
void ReverseAllocations(pg::Tx& tx, const Context& context,
                        const std::vector<Allocation>& allocations);

enum class PaymentReach { kOwnBranches, kAnyBranch };
// NOT_FOUND "PAYMENT_NOT_FOUND", also outside the caller's branches.
Result<PaymentRecord> GetPayment(pg::Tx& tx, const Context& context, PaymentId id,
                                 PaymentReach reach = PaymentReach::kOwnBranches);
// Newest first; `after`: the last one's id.
std::vector<PaymentRecord> ListPayments(pg::Tx& tx, const Context& context,
                                        std::optional<AccountId> account,
                                        std::optional<PaymentId> after, int limit);

}  // namespace karez::billing::store
