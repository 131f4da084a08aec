// The byte account of an ingest edge. Plain values.
#pragma once

#include <cstdint>

namespace karez::metering::domain {

// received = frame + garbage + envelope + unregistered, because a byte is counted as received when
// it is known what it is; what may still become a frame is counted when it has, or cannot.
struct ByteAccount {
  std::int64_t frame_bytes = 0;
  std::int64_t garbage_bytes = 0;
  std::int64_t envelope_bytes = 0;
  std::int64_t unregistered_bytes = 0;
  std::int64_t frames = 0;
  std::int64_t checksum_failures = 0;

  std::int64_t bytes_received() const {
    return frame_bytes + garbage_bytes + envelope_bytes + unregistered_bytes;
  }
  ByteAccount& operator+=(const ByteAccount& other) {
    frame_bytes += other.frame_bytes;
    garbage_bytes += other.garbage_bytes;
    envelope_bytes += other.envelope_bytes;
    unregistered_bytes += other.unregistered_bytes;
    frames += other.frames;
    checksum_failures += other.checksum_failures;
    return *this;
  }
  friend bool operator==(const ByteAccount&, const ByteAccount&) = default;
};

}  // namespace karez::metering::domain
