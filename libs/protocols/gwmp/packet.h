// Semtech's gateway protocol over UDP, "GWMP" versions 1 and 2 (Lora-net/packet_forwarder,
// PROTOCOL.TXT): the binary head of a datagram. Its JSON is read by radio.h.
//
//   version(1) token(2) type(1) [gateway(8)] [JSON]
// Pure functions without allocation, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::gwmp {

inline constexpr size_t kHeaderSize = 4;
inline constexpr size_t kGatewaySize = 8;
inline constexpr size_t kMaxPacket = 65507;  // a UDP datagram

enum class Type : uint8_t {
  kPushData,  // gateway → server: frames received, status
  kPushAck,
  kPullData,  // gateway → server: keeps the way back open
  kPullResp,  // server → gateway: a frame to send
  kPullAck,
  kTxAck,  // gateway → server: what became of it; without JSON: accepted
};
std::string_view Name(Type type);  // "PUSH_DATA", …
bool HasGateway(Type type);
bool HasJson(Type type);

struct Packet {
  uint8_t version = 2;
  // Opaque: an answer repeats the two bytes as they came.
  std::array<std::byte, 2> token{};
  Type type = Type::kPushData;
  std::array<std::byte, kGatewaySize> gateway{};  // EUI, most significant byte first
  std::string_view json = {};
};

// Faults: kShort, kVersion, kControl (type), kLength (bytes behind a packet that has no JSON).
// `out.json` views `datagram` and is not looked into.
[[nodiscard]] Error ParsePacket(Bytes datagram, Packet& out);

struct Written {
  Error error;
  size_t size = 0;
};
// kValue: JSON in a packet that has none; kBuffer.
[[nodiscard]] Written WritePacket(const Packet& packet, std::span<std::byte> out);

// PUSH_ACK or PULL_ACK of a packet that asks for one. False: `packet` is no such.
bool AnswerTo(const Packet& packet, Packet& answer);

}  // namespace karez::protocols::gwmp
