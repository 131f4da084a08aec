// Any bytes as an SL 651 frame, and as the body of one whose length and checksum are right. What
// was read can be written again.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "libs/protocols/sl651/message.h"
#include "libs/protocols/sl651/packets.h"

namespace {

using namespace karez::protocols;         // NOLINT: a program of one function
using namespace karez::protocols::sl651;  // NOLINT

void Check(Bytes frame) {
  Message message;
  if (!ParseMessage(frame, message).ok()) return;
  ItemReader reader(message);
  for (Item item; reader.Next(item);) {
    if (item.size == 0 || item.offset + item.size > message.body.size()) std::abort();
    (void)ReadNumber(item.value);
    (void)FindElement(static_cast<Function>(message.header.function), item.identifier);
  }
  std::array<std::byte, 64> memory;
  PacketJoiner joiner(memory);
  (void)joiner.Add(message.header, message.body);
  if (joiner.Add(message.header, message.body) == PacketJoiner::State::kComplete) {
    Message joined;
    (void)ParseBody(joiner.header(), joiner.body(), joined);
  }
  Observation observation;
  Observe(message, observation);
  std::vector<std::byte> again(frame.size());
  const Written written = WriteLink(message.header, message.body, again);
  if (!written.error.ok() || !std::equal(frame.begin(), frame.end(), again.begin(), again.end())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(data, size));
  Check(bytes);
  if (size < 2 || size > 512) return 0;
  std::array<std::byte, 600> frame;
  Header header;
  header.function = data[0];
  header.down = (data[1] & 1) != 0;
  if ((data[1] & 2) != 0) {
    header.stx = kStxPackets;
    header.packets = 9;
    header.packet = static_cast<uint16_t>(data[1] >> 4);
  }
  const Written written = WriteLink(header, bytes.subspan(2), frame);
  if (written.error.ok()) Check(Bytes(frame).first(written.size));
  return 0;
}
