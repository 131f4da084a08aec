#include "services/billing/domain/ledger.h"

#include <utility>

#include "libs/base/assert.h"

namespace karez::billing {

std::string ItemAccount(Payee payee, const std::string& component_code) {
  return (payee == Payee::kGovernment ? "payable:" : "revenue:") + component_code;
}

Transfer Book(const Booking& booking, const std::string& step, const std::string& debit,
              const std::string& credit, std::int64_t amount_fen, std::optional<BillId> bill_id) {
  KAREZ_ASSERT(amount_fen > 0);
  return {.id = TransferId(Uuid::V5(booking.cause_id, booking.cause + ":" + step)),
          .debit = debit,
          .credit = credit,
          .amount_fen = amount_fen,
          .account_id = booking.account_id,
          .cause = booking.cause,
          .cause_id = booking.cause_id,
          .bill_id = bill_id,
          .reverses_id = std::nullopt,
          .time = booking.time,
          .accounting_date = booking.accounting_date};
}

std::vector<Transfer> BookBill(const Booking& booking, BillId bill_id,
                               const std::vector<RatedLine>& lines) {
  std::vector<std::pair<std::string, std::int64_t>> items;  // in the order of the lines
  for (const RatedLine& line : lines) {
    const std::string account = ItemAccount(line.payee, line.component_code);
    if (items.empty() || items.back().first != account) items.emplace_back(account, 0);
    items.back().second += line.amount_fen;
  }
  std::vector<Transfer> out;
  for (const auto& [account, amount_fen] : items) {
    if (amount_fen == 0) continue;
    out.push_back(Book(booking, account, kReceivable, account, amount_fen, bill_id));
  }
  return out;
}

Transfer BookReversal(const Booking& booking, const Transfer& original) {
  Transfer out = Book(booking, original.id.str(), original.credit, original.debit,
                      original.amount_fen, original.bill_id);
  out.reverses_id = original.id;
  return out;
}

}  // namespace karez::billing
