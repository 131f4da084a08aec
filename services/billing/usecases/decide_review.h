#pragma once

#include <string>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/store/review_store.h"

namespace karez::billing::usecases {

struct ReviewDecision {
  ReviewItemId id{};
  Decision decision = Decision::kUnspecified;
  std::int64_t volume_ml = 0;  // with kBillVolume
  std::string note{};
};
// INVALID_ARGUMENT; NOT_FOUND "REVIEW_ITEM_NOT_FOUND"; FAILED_PRECONDITION "REVIEW_ITEM_DECIDED".
Result<store::ReviewRecord> DecideReview(pg::Tx& tx, const Context& context,
                                         const ReviewDecision& wish);

}  // namespace karez::billing::usecases
