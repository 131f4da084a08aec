// Settlements and their lines. Lines are added and never changed.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/jobs/operation.h"
#include "libs/pg/tx.h"
#include "services/metering/domain/settlement.h"

namespace karez::metering::store {

using SettlementId = karez::jobs::OperationId;

struct Settlement {
  SettlementId id;
  Month month;
  std::int64_t lines = 0;
  std::int64_t volume_ml = 0;
  std::int64_t flagged = 0;
};
void InsertSettlement(pg::Tx& tx, const Context& context, const Settlement& settlement);
// Adds to the counts of a run.
void RaiseSettlement(pg::Tx& tx, const Context& context, const Settlement& added);
// NOT_FOUND: SETTLEMENT_NOT_FOUND.
Result<Settlement> GetSettlement(pg::Tx& tx, const Context& context, SettlementId id);
// Newest first, those before `before`.
std::vector<Settlement> ListSettlements(pg::Tx& tx, const Context& context,
                                        const std::optional<SettlementId>& before, int limit);
// Until the end of the transaction nobody else begins a settlement of this tenant.
void LockSettling(pg::Tx& tx, const Context& context);

// A binding with what settling it needs.
struct Candidate {
  domain::Binding binding;
  domain::Settled settled;
  std::optional<domain::Point> last;  // reading at or before the period's or binding's end
};

struct MonthFilter {
  Month month;
  Instant until;                           // end of the month
  std::optional<domain::BindingId> after;  // of the step before
  bool estimate = false;                   // fill Settled::daily_ml
  int limit = 500;
};
// Bindings that began before the month's end, are not settled to their end, and have neither a line
// of this month or a later one nor one that reaches past it. By id.
std::vector<Candidate> MonthCandidates(pg::Tx& tx, const Context& context,
                                       const MonthFilter& filter);
std::int64_t CountMonthCandidates(pg::Tx& tx, const Context& context, Month month, Instant until);
// The bindings of an account that are not settled to their end.
std::vector<Candidate> AccountCandidates(pg::Tx& tx, const Context& context,
                                         domain::AccountId account, Instant until);

// The ids that were not there before; the others stay as they are.
std::vector<domain::LineId> InsertLines(pg::Tx& tx, const Context& context,
                                        std::span<const domain::Line> lines);

struct LineFilter {
  Month month;
  std::string after_number;  // of the page before
  std::optional<domain::LineId> after_id;
  int limit = 50;
};
// By meter number.
std::vector<domain::Line> ListLines(pg::Tx& tx, const Context& context, const LineFilter& filter);

}  // namespace karez::metering::store
