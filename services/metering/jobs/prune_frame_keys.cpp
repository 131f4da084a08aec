#include "services/metering/jobs/prune_frame_keys.h"

#include "services/metering/store/frame_store.h"

namespace karez::metering::jobs {
namespace {

// Longer than terminals keep frames and Kafka keeps records.
constexpr int kKeepDays = 90;

}  // namespace

void PruneFrameKeys(karez::jobs::Runner& runner) {
  runner.Every("prune_frame_keys", std::chrono::hours(6),
               [](pg::Tx& tx, const Context& context) -> Result<void> {
                 store::PruneFrameKeys(tx, context, AddDays(context.Today(), -kKeepDays));
                 return {};
               });
}

}  // namespace karez::metering::jobs
