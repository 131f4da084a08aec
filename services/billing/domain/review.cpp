#include "services/billing/domain/review.h"

#include <algorithm>

#include "libs/base/money.h"

namespace karez::billing {
namespace {

bool HasFlag(const SettledLine& line, const char* flag) {
  return std::find(line.flags.begin(), line.flags.end(), flag) != line.flags.end();
}

}  // namespace

ReviewSettings ReadReviewSettings(const Tenant& tenant) {
  const ReviewSettings standard;
  return {.jump_percent = tenant.Setting("billing.review.jump_percent", standard.jump_percent),
          .jump_min_ml = tenant.Setting("billing.review.jump_min_ml", standard.jump_min_ml)};
}

std::optional<std::int64_t> UsualVolume(const std::vector<std::int64_t>& months_before_ml) {
  if (months_before_ml.empty()) return std::nullopt;
  std::int64_t sum_ml = 0;
  for (const std::int64_t volume_ml : months_before_ml) sum_ml += volume_ml;
  return sum_ml / static_cast<std::int64_t>(months_before_ml.size());
}

std::int64_t SettledVolume(const std::vector<SettledLine>& lines) {
  std::int64_t sum_ml = 0;
  for (const SettledLine& line : lines) sum_ml += line.volume_ml;
  return sum_ml;
}

std::vector<ReviewReason> ReasonsToReview(const std::vector<SettledLine>& lines,
                                          std::optional<std::int64_t> usual_ml,
                                          const ReviewSettings& settings) {
  const std::int64_t volume_ml = SettledVolume(lines);
  bool reverse = volume_ml < 0;
  bool no_reading = false;
  for (const SettledLine& line : lines) {
    reverse = reverse || line.volume_ml < 0 || HasFlag(line, "reverse");
    no_reading = no_reading || HasFlag(line, "no_reading");
  }
  std::vector<ReviewReason> reasons;
  if (volume_ml == 0 && !no_reading) reasons.push_back(ReviewReason::kZero);
  if (usual_ml && volume_ml > settings.jump_min_ml) {
    const auto limit_ml = MulDivRound(std::max<std::int64_t>(0, *usual_ml),
                                      std::max<std::int64_t>(0, settings.jump_percent), 100);
    if (limit_ml && volume_ml > *limit_ml) reasons.push_back(ReviewReason::kJump);
  }
  if (reverse) reasons.push_back(ReviewReason::kReverse);
  if (no_reading) reasons.push_back(ReviewReason::kNoReading);
  return reasons;
}

bool ReviewItem::NoTariff() const {
  return std::find(reasons.begin(), reasons.end(), ReviewReason::kNoTariff) != reasons.end();
}

Result<bool> ReviewItem::Decide(Decision chosen, std::int64_t chosen_volume_ml,
                                const std::string& by, const std::string& why) {
  if (decision != Decision::kUnspecified || closed) {
    if (decision == chosen && decided_volume_ml == chosen_volume_ml) return false;
    return Fail(Code::kFailedPrecondition, "REVIEW_ITEM_DECIDED",
                "The item was decided before. Reverse the bill to correct it.");
  }
  decision = chosen;
  decided_volume_ml = chosen_volume_ml;
  decided_by = by;
  note = why;
  return true;
}

ReviewItemId ReviewItemIdOf(AccountId account, Month month, std::int32_t sequence) {
  return ReviewItemId(Uuid::V5(Uuid(), "billing.review:" + account.str() + ":" +
                                           FormatMonth(month) + ":" + std::to_string(sequence)));
}

}  // namespace karez::billing
