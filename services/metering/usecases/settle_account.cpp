#include "services/metering/usecases/settle_account.h"

#include "services/metering/events/meter_facts.h"
#include "services/metering/store/account_store.h"
#include "services/metering/store/settlement_store.h"

namespace karez::metering::usecases {

Result<std::vector<domain::Line>> SettleAccount(pg::Tx& tx, const Context& context,
                                                domain::AccountId account) {
  RETURN_IF_ERROR(store::LockAccount(tx, context, account));
  const Month month = MonthOf(context.Today());
  std::vector<domain::Line> lines;
  for (const auto& candidate : store::AccountCandidates(tx, context, account, context.Now())) {
    auto line = domain::Settle(candidate.binding, candidate.settled, candidate.last,
                               domain::LineKind::kInterim, month, context.Now());
    // Nothing new: a later settlement will find what comes.
    if (line.end.time > line.start.time || line.final) lines.push_back(std::move(line));
  }
  if (lines.empty()) {
    return Fail(Code::kFailedPrecondition, "NO_NEW_READING",
                "No meter of the account has a reading after its last settlement: read it first.");
  }
  store::InsertLines(tx, context, lines);
  std::vector<pg::Fact> facts;
  for (const domain::Line& line : lines) facts.push_back(events::MeterSettled(line));
  tx.PublishAll(facts);
  return lines;
}

}  // namespace karez::metering::usecases
