#include "services/metering/usecases/settle_month.h"

#include <set>

#include "services/metering/events/meter_facts.h"

namespace karez::metering::usecases {
namespace {

constexpr int kMetersPerStep = 500;

void PublishLines(pg::Tx& tx, const Context& context, const std::vector<domain::Line>& lines,
                  store::Settlement& added) {
  if (lines.empty()) return;
  const auto inserted = store::InsertLines(tx, context, lines);
  const std::set<domain::LineId> fresh(inserted.begin(), inserted.end());
  std::vector<pg::Fact> facts;
  for (const domain::Line& line : lines) {
    if (!fresh.contains(line.id)) continue;
    ++added.lines;
    added.volume_ml += line.volume_ml;
    if (!line.flags.empty()) ++added.flagged;
    facts.push_back(events::MeterSettled(line));
  }
  if (!facts.empty()) tx.PublishAll(facts);
}

}  // namespace

Result<store::Settlement> BeginSettleMonth(pg::Tx& tx, const Context& context, Month month,
                                           const google::protobuf::Message& request) {
  const Instant until = domain::EndOfMonth(month, context.tenant().zone);
  if (until > context.Now()) {
    return Fail(Code::kFailedPrecondition, "MONTH_NOT_OVER",
                "The month is not over: settle it after its last day, or settle one account.",
                {{"month", FormatMonth(month)}});
  }
  store::LockSettling(tx, context);
  for (const auto& operation : jobs::List(tx, context, kSettleMonthKind, 1)) {
    if (operation.state == jobs::State::kRunning) {
      return Fail(Code::kAlreadyExists, "SETTLEMENT_ACTIVE",
                  "A settlement is running: wait until it has ended.",
                  {{"settlement_id", operation.id.str()}});
    }
  }
  const auto operation = jobs::Begin(tx, context, kSettleMonthKind, request,
                                     store::CountMonthCandidates(tx, context, month, until));
  store::Settlement settlement{operation.id, month, 0, 0, 0};
  store::InsertSettlement(tx, context, settlement);
  return settlement;
}

Result<jobs::Progress> StepSettleMonth(pg::Tx& tx, const Context& context,
                                       jobs::Operation& operation) {
  ASSIGN_OR_RETURN(const auto settlement, store::GetSettlement(tx, context, operation.id));
  store::MonthFilter filter;
  filter.month = settlement.month;
  filter.until = domain::EndOfMonth(settlement.month, context.tenant().zone);
  filter.limit = kMetersPerStep;
  filter.estimate = context.tenant().Setting("metering.estimate_missing", std::int64_t{0}) != 0;
  if (!operation.cursor.empty()) {
    ASSIGN_OR_RETURN(filter.after, domain::BindingId::Parse(operation.cursor));
  }
  const auto candidates = store::MonthCandidates(tx, context, filter);
  std::vector<domain::Line> lines;
  for (const auto& candidate : candidates) {
    lines.push_back(domain::Settle(candidate.binding, candidate.settled, candidate.last,
                                   domain::LineKind::kMonthly, filter.month, filter.until));
  }
  store::Settlement added{operation.id, settlement.month, 0, 0, 0};
  PublishLines(tx, context, lines, added);
  store::RaiseSettlement(tx, context, added);
  operation.step = "meters";
  operation.done += static_cast<std::int64_t>(candidates.size());
  if (candidates.size() < kMetersPerStep) return jobs::Progress::kDone;
  operation.cursor = candidates.back().binding.id.str();
  return jobs::Progress::kMore;
}

}  // namespace karez::metering::usecases
