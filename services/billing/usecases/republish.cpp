#include "services/billing/usecases/republish.h"

#include <optional>

#include "services/billing/events/facts.h"
#include "services/billing/store/balance_store.h"
#include "services/billing/store/bill_store.h"
#include "services/billing/store/payment_store.h"

namespace karez::billing::usecases {
namespace {

constexpr int kFactsPerStep = 500;

// Steps until `next(tx, cursor)` finds nothing more; it returns the facts of the rows after
// `cursor` and moves it. A step may run again, so the cursor goes on only after the commit.
template <class Cursor, class Next>
std::int64_t PublishAll(pg::Pool& pool, const Context& context, Cursor cursor, Next next) {
  std::int64_t published = 0;
  std::size_t count = 0;
  do {
    Cursor reached = cursor;
    pool.RunTransaction({.tenant = context.tenant_id(), .trace = context.trace()}, [&](pg::Tx& tx) {
      reached = cursor;
      const std::vector<pg::Fact> facts = next(tx, reached);
      count = facts.size();
      if (count > 0) tx.PublishAll(facts);
      return true;
    });
    cursor = reached;
    published += static_cast<std::int64_t>(count);
  } while (count > 0);
  return published;
}

}  // namespace

std::int64_t Republish(pg::Pool& pool, const Context& context) {
  std::int64_t published = 0;
  published += PublishAll(pool, context, BillId(), [&](pg::Tx& tx, BillId& after) {
    std::vector<pg::Fact> facts;
    for (const BillState& bill : store::StatesAfter(tx, context, after, kFactsPerStep)) {
      facts.push_back(events::BillChanged(bill));
      after = bill.id;
    }
    return facts;
  });
  using Last = std::optional<PaymentId>;
  published += PublishAll(pool, context, Last(), [&](pg::Tx& tx, Last& after) {
    std::vector<pg::Fact> facts;
    for (const auto& record :
         store::ListPayments(tx, context, std::nullopt, after, kFactsPerStep)) {
      facts.push_back(events::PaymentChanged(record.payment, record.reversed));
      after = record.payment.id;
    }
    return facts;
  });
  published += PublishAll(pool, context, AccountId(), [&](pg::Tx& tx, AccountId& after) {
    std::vector<pg::Fact> facts;
    for (const auto& balance : store::BalancesAfter(tx, context, after, kFactsPerStep)) {
      facts.push_back(events::BalanceChanged(balance));
      after = balance.account_id;
    }
    return facts;
  });
  return published;
}

}  // namespace karez::billing::usecases
