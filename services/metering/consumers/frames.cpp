#include "services/metering/consumers/frames.h"

#include "libs/obs/log.h"
#include "libs/obs/metrics.h"
#include "services/metering/events/frame_record.h"
#include "services/metering/usecases/store_frames.h"

namespace karez::metering::consumers {
namespace {

// Receipts outside cannot be kept by month; an edge whose clock is that wrong is not believed.
constexpr Duration kOldest = std::chrono::days(40);
constexpr Duration kAhead = std::chrono::days(1);

}  // namespace

Result<void> OnFrames(pg::Tx& tx, const Context& context,
                      std::span<const karez::events::Message> messages,
                      const protocols::ProfileCatalogue& profiles) {
  const Instant now = context.Now();
  std::vector<domain::RawFrame> frames;
  frames.reserve(messages.size());
  for (const auto& message : messages) {
    auto frame = events::FromMessage(message);
    if (!frame) {
      obs::Count("karez_ingest_alien_records_total");
      obs::Error("record on the frame topic is no frame",
                 {{"partition", message.partition}, {"offset", message.offset}});
      continue;
    }
    if (frame->received_at < now - kOldest || frame->received_at > now + kAhead) {
      frame->received_at = now;
    }
    frames.push_back(*std::move(frame));
  }
  const auto tally = usecases::StoreFrames(tx, context, profiles, frames);
  obs::Count("karez_ingest_frames_total", {{"result", "stored"}}, tally.stored);
  obs::Count("karez_ingest_frames_total", {{"result", "duplicate"}}, tally.duplicate);
  obs::Count("karez_ingest_frames_total", {{"result", "quarantined"}}, tally.quarantined);
  return {};
}

}  // namespace karez::metering::consumers
