#include "services/billing/domain/bill.h"

#include <algorithm>
#include <cstdlib>

#include "libs/base/assert.h"
#include "libs/base/money.h"

namespace karez::billing {
BilledVolume DivideVolume(std::int64_t settled_ml, std::int64_t carried_in_ml, bool whole_m3) {
  const std::int64_t sum_ml = settled_ml + carried_in_ml;
  if (sum_ml <= 0) return {0, sum_ml};
  const std::int64_t rest_ml = whole_m3 ? sum_ml % kMlPerM3 : 0;
  return {sum_ml - rest_ml, rest_ml};
}

LocalDate BillingDay(const std::vector<SettledLine>& lines, Month month, const Zone& zone) {
  const LocalDate first = FirstDay(month);
  const LocalDate last = AddDays(FirstDay(month + std::chrono::months(1)), -1);
  std::optional<LocalDate> read;
  for (const SettledLine& line : lines) {
    if (!line.end_time) continue;
    const LocalDate day = zone.DateOf(*line.end_time);
    read = read ? std::max(*read, day) : day;
  }
  return read ? std::clamp(*read, first, last) : last;
}

BillId BillIdOf(AccountId account, Month month, std::int32_t sequence) {
  return BillId(Uuid::V5(Uuid(), "billing.bill:" + account.str() + ":" + FormatMonth(month) + ":" +
                                     std::to_string(sequence)));
}

std::int64_t BillState::Settle(std::int64_t amount_fen) {
  const std::int64_t taken_fen = std::min(amount_fen, open_fen);
  open_fen -= taken_fen;
  if (open_fen == 0) kind = Kind::kPaid;
  return taken_fen;
}

void BillState::Reopen(std::int64_t amount_fen) {
  open_fen += amount_fen;
  KAREZ_ASSERT(kind != Kind::kReversed && open_fen <= total_fen);
  if (open_fen > 0) kind = Kind::kIssued;
}

Result<void> BillState::Reverse() {
  if (kind == Kind::kReversed) {
    return Fail(Code::kFailedPrecondition, "BILL_REVERSED", "The bill is reversed already.");
  }
  kind = Kind::kReversed;
  open_fen = 0;
  return {};
}

Result<Bill> MakeBill(const BillInput& input, const Tariff& tariff) {
  if (std::max(std::abs(input.settled_ml), std::abs(input.carried_in_ml)) > kVolumeMlMax) {
    return Fail(Code::kOutOfRange, "VOLUME_OUT_OF_RANGE", "The volume is too large to be billed.");
  }
  const BilledVolume volume = DivideVolume(input.settled_ml, input.carried_in_ml, input.whole_m3);
  const RatingInput rating_input{.household_size = input.account.household_size,
                                 .used_before_ml = input.used_before_ml,
                                 .volume_ml = volume.billed_ml,
                                 .period_end = input.period_end};
  Violations bad;
  CheckRatingInput(tariff.definition, rating_input, bad);
  RETURN_IF_ERROR(bad.Check());
  ASSIGN_OR_RETURN(Rating rating, Rate(tariff.definition, rating_input));
  std::int64_t sum_fen = 0;
  for (const RatedLine& line : rating.lines) sum_fen += line.amount_fen;
  KAREZ_ASSERT(sum_fen == rating.total_fen);

  Bill bill;
  bill.id = BillIdOf(input.account.id, input.month, input.sequence);
  bill.account = input.account;
  bill.month = input.month;
  bill.sequence = input.sequence;
  bill.period_end = input.period_end;
  bill.tariff_id = tariff.id;
  bill.tariff_code = tariff.definition.code;
  bill.tariff_version = tariff.version;
  bill.meters = input.meters;
  bill.settled_ml = input.settled_ml;
  bill.volume_ml = volume.billed_ml;
  bill.carried_in_ml = input.carried_in_ml;
  bill.carried_out_ml = volume.carried_out_ml;
  bill.limits_ml = std::move(rating.limits_ml);
  bill.lines = std::move(rating.lines);
  bill.total_fen = rating.total_fen;
  bill.issue_time = input.issue_time;
  bill.due_date = input.due_date;
  return bill;
}

}  // namespace karez::billing
