// Any bytes as an SZY 206 frame, and as the inside of one whose length and checksum are right. What
// was read can be written again.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/szy206/message.h"

namespace {

using namespace karez::protocols;          // NOLINT: a program of one function
using namespace karez::protocols::szy206;  // NOLINT

void Check(Bytes frame) {
  Message message;
  if (!ParseMessage(frame, message).ok()) return;
  Observation observation;
  Observe(message, observation);
  std::array<std::byte, kMaxFrame> again;
  const Written written = WriteLink(message.header, message.data, again);
  if (!written.error.ok() || !std::equal(frame.begin(), frame.end(), again.begin(),
                                         again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  Check(bytes);
  if (size < 2) return 0;
  Header header;
  header.up = (data[0] & 0x80) != 0;
  header.divided = (data[0] & 0x40) != 0;
  header.kind = data[0] & 0x0F;
  header.function = data[1];
  header.picture = header.function == szy206::kPicture && (data[0] & 0x20) != 0;
  std::array<std::byte, kMaxFrame> frame;
  const Written written = WriteLink(header, bytes.subspan(2), frame);
  if (written.error.ok()) Check(Bytes(frame).first(written.size));
  return 0;
}
