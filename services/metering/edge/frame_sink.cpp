#include "services/metering/edge/frame_sink.h"

#include <boost/asio/post.hpp>

#include "libs/obs/log.h"
#include "services/metering/events/frame_record.h"

namespace karez::metering::edge {

FrameSink::FrameSink(boost::asio::io_context& io, std::string brokers, std::string topic)
    : io_(io), brokers_(std::move(brokers)), topic_(std::move(topic)) {}

Result<void> FrameSink::Open() {
  ASSIGN_OR_RETURN(auto made, karez::events::Producer::Create(brokers_, "karez-metering-edge"));
  const std::lock_guard lock(mutex_);
  producer_ = std::move(made);
  return {};
}

std::shared_ptr<karez::events::Producer> FrameSink::producer() const {
  const std::lock_guard lock(mutex_);
  return producer_;
}

bool FrameSink::Send(TenantId tenant, const domain::RawFrame& frame, const Done& done) {
  return producer()->Send(events::ToRecord(topic_, tenant, frame),
                          [&io = io_, reports = reports_, done](const std::string& error) mutable {
                            bool first = false;
                            {
                              const std::lock_guard lock(reports->mutex);
                              first = reports->waiting.empty();
                              // Moved, so that what it holds goes on the thread of `io` and not
                              // here.
                              reports->waiting.emplace_back(std::move(done), error.empty());
                            }
                            if (first) boost::asio::post(io, [reports] { Tell(*reports); });
                          });
}

void FrameSink::Tell(Reports& reports) {
  std::vector<std::pair<Done, bool>> told;
  {
    const std::lock_guard lock(reports.mutex);
    told.swap(reports.waiting);
  }
  for (const auto& [done, stored] : told) done(stored);
}

void FrameSink::Mend() {
  if (!producer()->fatal()) return;
  obs::Error("frame producer failed for good, making a new one");
  producer()->Purge();
  if (const auto opened = Open(); !opened) {
    obs::Error("no frame producer", {{"error", opened.error().message}});
  }
}

}  // namespace karez::metering::edge
