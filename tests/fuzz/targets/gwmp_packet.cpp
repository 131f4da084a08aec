// Any bytes as a datagram of a gateway: its head comes back, and what its JSON says is read the
// same again after being written.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "libs/protocols/gwmp/packet.h"
#include "libs/protocols/gwmp/radio.h"

namespace {

using namespace karez::protocols;        // NOLINT: a program of one function
using namespace karez::protocols::gwmp;  // NOLINT

json::Parser& Parser() {
  static json::Parser parser;
  return parser;
}

std::array<char, 1 << 16> text;

bool Same(const Frame& a, const Frame& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

void CheckPush(std::string_view json) {
  static PushData push;
  static PushData again;
  if (!ReadPushData(Parser(), json, push).ok()) return;
  json::Writer writer(text);
  WritePushData(push, writer);
  if (!writer.ok()) return;
  if (!ReadPushData(Parser(), writer.text(), again).ok()) std::abort();
  if (again.uplinks.size() != push.uplinks.size()) std::abort();
  for (size_t i = 0; i < push.uplinks.size(); ++i) {
    if (!Same(push.uplinks[i].data, again.uplinks[i].data) ||
        push.uplinks[i].frequency_hz != again.uplinks[i].frequency_hz ||
        !(push.uplinks[i].data_rate == again.uplinks[i].data_rate)) {
      std::abort();
    }
  }
}

void CheckDownlink(std::string_view json) {
  Downlink downlink;
  Downlink again;
  if (!ReadDownlink(Parser(), json, downlink).ok()) return;
  json::Writer writer(text);
  WriteDownlink(downlink, writer);
  if (!ReadDownlink(Parser(), writer.text(), again).ok()) std::abort();
  if (!Same(downlink.data, again.data)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* input, size_t size) {
  const Bytes bytes = std::as_bytes(std::span(input, size));
  const std::string_view all(reinterpret_cast<const char*>(input), size);
  CheckPush(all);
  CheckDownlink(all);
  Packet packet;
  if (!ParsePacket(bytes, packet).ok()) return 0;
  std::array<std::byte, 4096> again;
  const Written written = WritePacket(packet, again);
  // A zero byte for an acknowledgement without content is read, but not written.
  const size_t head = kHeaderSize + kGatewaySize;
  const bool zero = packet.type == Type::kTxAck && size == head + 1 && packet.json.empty();
  const Bytes kept = zero ? bytes.first(head) : bytes;
  if (written.error.ok() && !std::equal(kept.begin(), kept.end(), again.begin(),
                                        again.begin() + static_cast<ptrdiff_t>(written.size))) {
    std::abort();
  }
  CheckPush(packet.json);
  CheckDownlink(packet.json);
  TxError error;
  (void)ReadTxAck(Parser(), packet.json, error);
  return 0;
}
