#include "libs/protocols/gwmp/packet.h"

#include <algorithm>
#include <cstring>

namespace karez::protocols::gwmp {

std::string_view Name(Type type) {
  switch (type) {
    case Type::kPushData:
      return "PUSH_DATA";
    case Type::kPushAck:
      return "PUSH_ACK";
    case Type::kPullData:
      return "PULL_DATA";
    case Type::kPullResp:
      return "PULL_RESP";
    case Type::kPullAck:
      return "PULL_ACK";
    case Type::kTxAck:
      return "TX_ACK";
  }
  return "";
}

bool HasGateway(Type type) {
  return type == Type::kPushData || type == Type::kPullData || type == Type::kTxAck;
}

bool HasJson(Type type) {
  return type == Type::kPushData || type == Type::kPullResp || type == Type::kTxAck;
}

Error ParsePacket(Bytes datagram, Packet& out) {
  const auto short_of = [&](size_t wanted) {
    return Error{Fault::kShort, static_cast<uint16_t>(datagram.size()),
                 static_cast<uint32_t>(wanted), static_cast<uint32_t>(datagram.size())};
  };
  if (datagram.empty()) return short_of(kHeaderSize);
  out.version = std::to_integer<uint8_t>(datagram[0]);
  if (out.version != 1 && out.version != 2) return {Fault::kVersion, 0, 2, out.version};
  if (datagram.size() < kHeaderSize) return short_of(kHeaderSize);
  out.token = {datagram[1], datagram[2]};
  const auto type = std::to_integer<uint8_t>(datagram[3]);
  if (type > static_cast<uint8_t>(Type::kTxAck)) return {Fault::kControl, 3, 0, type};
  out.type = static_cast<Type>(type);
  Bytes rest = datagram.subspan(kHeaderSize);
  if (HasGateway(out.type)) {
    if (rest.size() < kGatewaySize) return short_of(kHeaderSize + kGatewaySize);
    std::copy_n(rest.begin(), kGatewaySize, out.gateway.begin());
    rest = rest.subspan(kGatewaySize);
  }
  if (!HasJson(out.type) && !rest.empty()) {
    const size_t size = datagram.size() - rest.size();
    return {Fault::kLength, static_cast<uint16_t>(size), static_cast<uint32_t>(size),
            static_cast<uint32_t>(datagram.size())};
  }
  // Some gateways send a zero byte for an acknowledgement without content.
  if (out.type == Type::kTxAck && rest.size() == 1 && rest[0] == std::byte{0}) rest = rest.first(0);
  out.json = {reinterpret_cast<const char*>(rest.data()), rest.size()};
  return {};
}

Written WritePacket(const Packet& packet, std::span<std::byte> out) {
  const bool gateway = HasGateway(packet.type);
  if (!HasJson(packet.type) && !packet.json.empty()) {
    return {{Fault::kValue, kHeaderSize, 0, static_cast<uint32_t>(packet.json.size())}};
  }
  const size_t head = kHeaderSize + (gateway ? kGatewaySize : 0);
  const size_t size = head + packet.json.size();
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  out[0] = std::byte{packet.version};
  out[1] = packet.token[0];
  out[2] = packet.token[1];
  out[3] = static_cast<std::byte>(packet.type);
  if (gateway) std::copy(packet.gateway.begin(), packet.gateway.end(), out.begin() + kHeaderSize);
  // The text may already stand where it belongs.
  if (!packet.json.empty()) std::memmove(out.data() + head, packet.json.data(), packet.json.size());
  return {{}, size};
}

bool AnswerTo(const Packet& packet, Packet& answer) {
  if (packet.type != Type::kPushData && packet.type != Type::kPullData) return false;
  answer = {.version = packet.version, .token = packet.token};
  answer.type = packet.type == Type::kPushData ? Type::kPushAck : Type::kPullAck;
  return true;
}

}  // namespace karez::protocols::gwmp
