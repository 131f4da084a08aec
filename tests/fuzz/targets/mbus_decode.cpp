// Any bytes as a wired M-Bus frame and as a body of records. What was read can be written again,
// byte for byte.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/mbus/message.h"

namespace {

using namespace karez::protocols;        // NOLINT: a program of one function
using namespace karez::protocols::mbus;  // NOLINT

void CheckLink(Bytes bytes) {
  Frame frame;
  if (!ParseLink(bytes, frame).ok()) return;
  std::array<std::byte, kMaxFrame> again;
  const Written written = WriteLink(frame, again);
  if (!written.error.ok() || !std::equal(bytes.begin(), bytes.end(), again.begin(),
                                         again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
  Observation observation;
  (void)Observe(bytes, {}, observation);
}

void CheckRecords(Bytes body) {
  RecordReader reader(body);
  std::array<std::byte, 512> buffer;
  for (Record record; reader.Next(record);) {
    (void)ReadValue(record, MeaningOf(record));
    RecordWriter writer(buffer);
    const Bytes sent = body.subspan(record.offset, record.end() - record.offset);
    if (!writer.Add(record)) {
      if (sent.size() <= buffer.size()) std::abort();
      continue;
    }
    if (!std::equal(sent.begin(), sent.end(), buffer.begin(),
                    buffer.begin() + static_cast<ptrdiff_t>(writer.size()))) {
      std::abort();
    }
  }
  Observation observation;
  ObserveRecords(body, 0, observation);
}

// A fixed structure is written as it was read.
void CheckFixed(Bytes body) {
  for (const bool high_first : {false, true}) {
    FixedStructure fixed;
    if (!ParseFixed(body, high_first, fixed)) return;
    std::array<std::byte, FixedStructure::kSize> again;
    WriteFixed(fixed, high_first, again.data());
    if (!std::equal(body.begin(), body.end(), again.begin())) std::abort();
    Observation observation;
    (void)ObserveFixed(body, high_first, 0, observation);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  CheckLink(bytes);
  CheckRecords(bytes);
  CheckFixed(bytes.first(std::min(size, FixedStructure::kSize)));
  // Once more as a frame whose lengths and checksum are right.
  std::array<std::byte, kMaxFrame> frame;
  if (size < 3 || size > kMaxUserData) return 0;
  const Written written = WriteLink({FrameKind::kLong, data[0], data[1], bytes.subspan(2)}, frame);
  if (written.error.ok()) CheckLink(Bytes(frame).first(written.size));
  return 0;
}
