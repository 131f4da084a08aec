#include "services/billing/usecases/decide_review.h"

namespace karez::billing::usecases {
namespace {

constexpr std::size_t kNoteBytesMax = 500;

Result<void> Check(const ReviewDecision& wish) {
  Violations bad;
  const bool volume = wish.decision == Decision::kBillVolume;
  if (wish.decision != Decision::kBill && !volume && wish.decision != Decision::kSkip) {
    bad.Add("decision", "Must be DECISION_BILL, DECISION_BILL_VOLUME or DECISION_SKIP.");
  }
  if (volume && (wish.volume_ml < 0 || wish.volume_ml > kVolumeMlMax)) {
    bad.Add("volume_ml", "Must be from 0 to 1000000000000000 (10⁹ m³).");
  }
  if (!volume && wish.volume_ml != 0) {
    bad.Add("volume_ml", "Only with DECISION_BILL_VOLUME: leave it out.");
  }
  if (wish.note.empty() || wish.note.size() > kNoteBytesMax) {
    bad.Add("note", "Say why, in at most 500 bytes.");
  }
  return bad.Check();
}

}  // namespace

Result<store::ReviewRecord> DecideReview(pg::Tx& tx, const Context& context,
                                         const ReviewDecision& wish) {
  RETURN_IF_ERROR(Check(wish));
  ASSIGN_OR_RETURN(store::ReviewRecord record, store::LockItem(tx, context, wish.id));
  ASSIGN_OR_RETURN(const bool changed, record.item.Decide(wish.decision, wish.volume_ml,
                                                          context.principal().name, wish.note));
  if (changed) store::SaveItem(tx, context, record.item);
  return record;
}

}  // namespace karez::billing::usecases
