// Money taken from a customer and what it paid: open bills, oldest first; the rest is credit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/error.h"
#include "services/billing/domain/bill.h"

namespace karez::billing {

using PaymentId = Id<struct PaymentTag>;
using AllocationId = Id<struct AllocationTag>;

inline constexpr std::int64_t kPaymentFenMax = 10'000'000'000;  // 100,000,000.00 yuan
inline constexpr char kMethodCash[] = "cash";

// What one payment, or credit without a payment, paid of one bill.
struct Allocation {
  AllocationId id{};
  std::optional<PaymentId> payment_id{};  // absent: credit put on the bill when it was issued
  BillId bill_id{};
  AccountId account_id{};
  std::int64_t amount_fen = 0;
  std::int64_t open_after_fen = 0;
  Instant time{};
};

struct Payment {
  PaymentId id{};
  std::string receipt_number{};
  AccountId account_id{};
  std::int64_t amount_fen = 0;
  std::string method{};
  std::int64_t credit_fen = 0;  // became credit
  std::string cashier{};        // subject
  std::string cashier_name{};
  Instant time{};
};

// What an account owes, what lies to its credit, and the volume that is settled but not yet billed.
// Derived: `verify` proves it from bills, transfers and settled lines.
struct AccountBalance {
  AccountId account_id{};
  std::int64_t arrears_fen = 0;
  std::int64_t credit_fen = 0;
  std::int64_t carry_ml = 0;
  std::int64_t version = 0;
};

struct PaymentTerms {
  std::int64_t amount_fen = 0;
  std::int64_t arrears_fen = 0;
  bool keep_surplus_as_credit = false;
  bool account_open = true;
};
// FAILED_PRECONDITION: NOTHING_TO_PAY, PAYMENT_EXCEEDS_ARREARS, ACCOUNT_CLOSED (arrears of a closed
// account can be paid; it takes no credit).
Result<void> CheckPayment(const PaymentTerms& terms);

// Puts `amount_fen` on the bills in their order, changing their open amounts; returns one part per
// bill that took something, with index into `bills`. What is left over is credit.
struct Part {
  std::size_t bill = 0;
  std::int64_t amount_fen = 0;
};
std::vector<Part> AllocateOldestFirst(std::vector<BillState>& bills, std::int64_t amount_fen);

}  // namespace karez::billing
