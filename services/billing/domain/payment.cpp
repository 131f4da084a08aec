#include "services/billing/domain/payment.h"

#include "libs/base/money.h"

namespace karez::billing {

Result<void> CheckPayment(const PaymentTerms& terms) {
  if (terms.amount_fen <= terms.arrears_fen) return {};
  const std::map<std::string, std::string> arrears = {
      {"arrears_fen", std::to_string(terms.arrears_fen)}};
  if (!terms.keep_surplus_as_credit) {
    if (terms.arrears_fen == 0) {
      return Fail(Code::kFailedPrecondition, "NOTHING_TO_PAY",
                  "The account owes nothing. Set keep_surplus_as_credit to take a prepayment.",
                  arrears);
    }
    return Fail(Code::kFailedPrecondition, "PAYMENT_EXCEEDS_ARREARS",
                "The account owes " + FormatFen(terms.arrears_fen) +
                    " yuan. Take at most that, or set keep_surplus_as_credit.",
                arrears);
  }
  if (!terms.account_open) {
    return Fail(Code::kFailedPrecondition, "ACCOUNT_CLOSED",
                "A closed account takes no credit. Take at most its arrears of " +
                    FormatFen(terms.arrears_fen) + " yuan.",
                arrears);
  }
  return {};
}

std::vector<Part> AllocateOldestFirst(std::vector<BillState>& bills, std::int64_t amount_fen) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < bills.size() && amount_fen > 0; ++i) {
    const std::int64_t taken_fen = bills[i].Settle(amount_fen);
    if (taken_fen == 0) continue;
    amount_fen -= taken_fen;
    parts.push_back({i, taken_fen});
  }
  return parts;
}

}  // namespace karez::billing
