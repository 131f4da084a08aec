// Review of settled consumption before it is billed (水量审核): what looks wrong waits for a
// person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/billing/domain/bill.h"

namespace karez::billing {

using ReviewItemId = Id<struct ReviewItemTag>;

enum class ReviewReason : int { kUnspecified, kZero, kJump, kReverse, kNoReading, kNoTariff };
enum class Decision : int { kUnspecified, kBill, kBillVolume, kSkip };

struct ReviewSettings {
  std::int64_t jump_percent = 300;       // of the usual volume; setting billing.review.jump_percent
  std::int64_t jump_min_ml = 5'000'000;  // less is never a jump; billing.review.jump_min_ml
};
ReviewSettings ReadReviewSettings(const Tenant& tenant);

// Mean of the months before, rounded down; nothing without any.
std::optional<std::int64_t> UsualVolume(const std::vector<std::int64_t>& months_before_ml);

// Why the consumption of one account and month must be looked at, in the order of the enum; empty
// when it need not be.
std::vector<ReviewReason> ReasonsToReview(const std::vector<SettledLine>& lines,
                                          std::optional<std::int64_t> usual_ml,
                                          const ReviewSettings& settings);

std::int64_t SettledVolume(const std::vector<SettledLine>& lines);

struct ReviewItem {
  ReviewItemId id{};
  AccountId account_id{};
  Month month{};
  std::int32_t sequence = 1;
  MeterId meter_id{};  // of the account's meters the one that stands out
  std::string meter_number{};
  std::int64_t volume_ml = 0;
  std::int64_t usual_ml = 0;
  std::vector<ReviewReason> reasons{};
  Decision decision = Decision::kUnspecified;
  std::int64_t decided_volume_ml = 0;
  std::string decided_by{};
  std::string note{};
  bool closed = false;  // its consumption is billed or left out

  // It can only be left out until the account has a tariff.
  bool NoTariff() const;
  // True when it changed something: the same decision again changes nothing, another one is
  // FAILED_PRECONDITION "REVIEW_ITEM_DECIDED".
  Result<bool> Decide(Decision chosen, std::int64_t chosen_volume_ml, const std::string& by,
                      const std::string& why);
};

ReviewItemId ReviewItemIdOf(AccountId account, Month month, std::int32_t sequence);

}  // namespace karez::billing
