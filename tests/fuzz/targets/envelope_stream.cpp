// Any bytes as an acknowledged terminal's stream: the account adds up, and a message that can be
// read is written again as the same bytes.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/codec.h"
#include "libs/protocols/envelope/envelope.h"

namespace {

using namespace karez::protocols;            // NOLINT: a program of one function
using namespace karez::protocols::envelope;  // NOLINT

void Check(Bytes bytes) {
  Message message;
  if (!Decode(bytes, message).ok()) return;
  RegisterPayload registration;
  AcknowledgePayload acknowledgement;
  if (!DecodeRegister(message.payload, registration).ok() &&
      !DecodeAcknowledge(message.payload, acknowledgement).ok()) {
    const StreamCounts counts = SplitFrames(message.payload, MeterProbe{}, [](Bytes) {});
    if (counts.frame_bytes + counts.garbage_bytes != message.payload.size()) std::abort();
  }
  std::array<std::byte, kMaxMessage> again;
  const Written written = Encode(message, again);
  if (!written.error.ok() || !std::equal(bytes.begin(), bytes.end(), again.begin(),
                                         again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes = std::as_bytes(std::span(data, size));
  MessageFramer framer;
  uint64_t message_bytes = 0;
  while (!bytes.empty()) {
    bytes = bytes.subspan(framer.Push(bytes));
    while (const auto found = framer.Next()) {
      message_bytes += found->frame.size();
      Check(found->frame);
    }
  }
  framer.Flush();
  while (const auto found = framer.Next()) {
    message_bytes += found->frame.size();
    Check(found->frame);
  }
  if (message_bytes + framer.counts().garbage_bytes != size) std::abort();
  // Once more as the content of a sound message, so that the payloads are reached.
  if (size < 1 || size > kMaxPayload) return 0;
  std::array<std::byte, kMaxMessage> whole;
  const Message message{
      static_cast<Type>(1 + data[0] % 4), {}, 7, std::as_bytes(std::span(data + 1, size - 1))};
  const Written written = Encode(message, whole);
  Check(Bytes(whole).first(written.size));
  return 0;
}
