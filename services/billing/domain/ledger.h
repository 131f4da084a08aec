// The double-entry ledger. Every change of money is one or more transfers, each of one amount from
// a credited to a debited account: balanced by construction, never changed, corrected by reversal.
//
//   receivable          owed by customers, per account and bill
//   unapplied           customers' money not yet on a bill: their credit
//   cash                taken at the counter
//   revenue:<code>      fee items of the utility
//   payable:<code>      fee items collected for the government
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/time.h"
#include "libs/base/uuid.h"
#include "services/billing/domain/rating.h"

namespace karez::billing {

using AccountId = Id<struct AccountTag>;
using BillId = Id<struct BillTag>;
using TransferId = Id<struct TransferTag>;

inline constexpr char kReceivable[] = "receivable";
inline constexpr char kUnapplied[] = "unapplied";
inline constexpr char kCash[] = "cash";

// What caused a transfer, with the id of the bill or payment.
inline constexpr char kCauseBill[] = "bill";
inline constexpr char kCauseCredit[] = "credit";  // credit put on a bill when it was issued
inline constexpr char kCauseBillReversal[] = "bill_reversal";
inline constexpr char kCausePayment[] = "payment";
inline constexpr char kCausePaymentReversal[] = "payment_reversal";

struct Transfer {
  TransferId id{};
  std::string debit{};
  std::string credit{};
  std::int64_t amount_fen = 0;  // above 0
  AccountId account_id{};
  std::string cause{};
  Uuid cause_id{};
  std::optional<BillId> bill_id{};
  std::optional<TransferId> reverses_id{};
  Instant time{};
  LocalDate accounting_date{};
};

// Where the money of a fee item goes.
std::string ItemAccount(Payee payee, const std::string& component_code);

// What the transfers of one cause have in common.
struct Booking {
  std::string cause{};
  Uuid cause_id{};
  AccountId account_id{};
  Instant time{};
  LocalDate accounting_date{};
};

// A transfer whose id follows from the cause and `step`, so that the same booking made again is the
// same row.
Transfer Book(const Booking& booking, const std::string& step, const std::string& debit,
              const std::string& credit, std::int64_t amount_fen,
              std::optional<BillId> bill_id = std::nullopt);

// Receivable against each fee item of a bill, one transfer a component; none for a zero amount.
std::vector<Transfer> BookBill(const Booking& booking, BillId bill_id,
                               const std::vector<RatedLine>& lines);

// The same amount with the sides swapped.
Transfer BookReversal(const Booking& booking, const Transfer& original);

}  // namespace karez::billing
