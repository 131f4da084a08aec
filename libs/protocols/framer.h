// Finds frames in a byte stream full of noise, and accounts for every byte.
//
// A frame is found, not assumed: start, length, end and checksum must fit. Where they do not, the
// search moves on by ONE byte, so a frame behind a false start is never lost. The result does not
// depend on how the stream was cut into packets. No allocation; one Framer per connection, used by
// one thread at a time.
//
//   Framer<cjt188::Probe> framer;
//   for (Bytes rest = received; !rest.empty();) {
//     rest = rest.subspan(framer.Push(rest));
//     while (auto found = framer.Next()) Use(found->frame);
//   }
//   // When the line has been silent for longer than the gap inside a frame, or at its end:
//   framer.Flush();
//   while (auto found = framer.Next()) Use(found->frame);
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include "libs/protocols/fixed.h"

namespace karez::protocols {

enum class Match : uint8_t {
  kNo,           // no frame begins here
  kMore,         // could be one; more bytes are needed to tell
  kFrame,        // a whole frame of `size` bytes
  kBadChecksum,  // start, length and end fit, the checksum does not
};

// What a probe says about the bytes at the head of the data.
struct Candidate {
  Match match = Match::kNo;
  uint16_t size = 0;  // of the frame, for kFrame
  uint8_t tag = 0;    // which kind of thing, where a probe knows several
};

// bytes == frame_bytes + garbage_bytes + bytes still pending.
struct StreamCounts {
  uint64_t bytes = 0;
  uint64_t frames = 0;
  uint64_t frame_bytes = 0;
  uint64_t garbage_bytes = 0;
  // Candidates that failed only by their checksum; their first byte is among the garbage.
  uint64_t checksum_failures = 0;
};

struct Found {
  Bytes frame;  // valid until the next Push
  uint8_t tag = 0;
};

// A probe is a cheap value with `Candidate operator()(Bytes) const`, given at least one byte, and
// `static constexpr size_t kMaxFrame`. It answers kMore only for fewer than kMaxFrame bytes.
template <class Probe>
class Framer {
 public:
  static constexpr size_t kCapacity = std::max<size_t>(2048, 2 * Probe::kMaxFrame);

  explicit Framer(Probe probe = Probe{}) : probe_(probe) {}

  // Takes bytes off the stream and returns how many: all that fit. After Next() has returned
  // nothing, at least kCapacity − kMaxFrame fit.
  size_t Push(Bytes bytes) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    const size_t taken = std::min(bytes.size(), kCapacity - end_);
    if (taken > 0) std::memcpy(buffer_.data() + end_, bytes.data(), taken);
    end_ += taken;
    counts_.bytes += taken;
    flushing_ = false;
    return taken;
  }

  // The next frame, or nothing when what is left may still become one.
  std::optional<Found> Next() {
    while (begin_ < end_) {
      const Bytes rest(buffer_.data() + begin_, end_ - begin_);
      const Candidate candidate = probe_(rest);
      if (candidate.match == Match::kFrame) {
        begin_ += candidate.size;
        ++counts_.frames;
        counts_.frame_bytes += candidate.size;
        return Found{rest.first(candidate.size), candidate.tag};
      }
      if (candidate.match == Match::kMore && !flushing_) return std::nullopt;
      if (candidate.match == Match::kBadChecksum) ++counts_.checksum_failures;
      ++begin_;
      ++counts_.garbage_bytes;
    }
    return std::nullopt;
  }

  // No more bytes belong to what was pushed so far: Next() no longer waits for them. Ends with
  // the next Push.
  void Flush() { flushing_ = true; }

  size_t pending() const { return end_ - begin_; }
  const StreamCounts& counts() const { return counts_; }
  Probe& probe() { return probe_; }

 private:
  Probe probe_;
  std::array<std::byte, kCapacity> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool flushing_ = false;
  StreamCounts counts_;
};

// Splits bytes that are all there (the payload of an envelope, a datagram): calls
// `on_frame(Bytes)` for each frame and returns the account of this piece.
template <class Probe, class OnFrame>
StreamCounts SplitFrames(Bytes data, const Probe& probe, OnFrame&& on_frame) {
  StreamCounts counts;
  counts.bytes = data.size();
  while (!data.empty()) {
    const Candidate candidate = probe(data);
    if (candidate.match == Match::kFrame) {
      on_frame(data.first(candidate.size));
      ++counts.frames;
      counts.frame_bytes += candidate.size;
      data = data.subspan(candidate.size);
      continue;
    }
    if (candidate.match == Match::kBadChecksum) ++counts.checksum_failures;
    ++counts.garbage_bytes;
    data = data.subspan(1);
  }
  return counts;
}

}  // namespace karez::protocols
