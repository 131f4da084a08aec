// The acknowledged terminal envelope: docs/terminal-protocol.md.
//
//   4B 5A  version  type  terminal id(8)  sequence(4)  length(2)  payload  CRC-16(2)
//
// Numbers are big-endian. CRC-16/CCITT-FALSE over all bytes before it. No allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::envelope {

inline constexpr uint8_t kVersion = 1;
inline constexpr size_t kHeaderSize = 18;
inline constexpr size_t kOverhead = kHeaderSize + 2;
inline constexpr size_t kMaxPayload = 1024;
inline constexpr size_t kMaxMessage = kOverhead + kMaxPayload;

// Eight bytes, written as 16 upper-case hex digits: the number under which a terminal is
// registered. A terminal known by a shorter decimal number (an IMEI) is padded with zeros in front.
struct TerminalId {
  std::array<uint8_t, 8> wire{};

  static bool Parse(std::string_view text, TerminalId& out);  // 1…16 hex digits
  FixedText<16> Text() const;
  friend bool operator==(const TerminalId&, const TerminalId&) = default;
};

enum class Type : uint8_t {
  kRegister = 1,     // terminal → server, first message of a connection
  kHeartbeat = 2,    // terminal → server
  kData = 3,         // terminal → server: meter frames, kept until acknowledged
  kAcknowledge = 4,  // server → terminal
};

// In an acknowledgement.
enum class Outcome : uint8_t {
  kAccepted = 0,         // register: welcome. heartbeat: seen. data: stored, may be forgotten
  kUnknownTerminal = 1,  // not registered with the utility; the server closes the connection
  kBusy = 2,             // not stored now: keep it, send it again later
  kRefused = 3,          // can never be stored (empty, no frame in it): counted, may be forgotten
};

struct Message {
  Type type = Type::kData;
  TerminalId terminal;
  uint32_t sequence = 0;
  Bytes payload;  // views the message's bytes
};

struct RegisterPayload {
  uint32_t oldest_unacknowledged = 0;  // sequence of the oldest message kept, or of the next one
  FixedText<32> firmware;              // printable ASCII, may be empty
};

struct AcknowledgePayload {
  Type acknowledged = Type::kData;
  Outcome outcome = Outcome::kAccepted;
  uint32_t server_time_s = 0;  // seconds since 1970-01-01 UTC
};

struct Probe {
  static constexpr size_t kMaxFrame = kMaxMessage;
  Candidate operator()(Bytes data) const;
};
using MessageFramer = Framer<Probe>;

// `bytes` is exactly one message. Faults: kShort, kStart, kVersion, kControl (unknown type),
// kLength, kChecksum, in this order.
[[nodiscard]] Error Decode(Bytes bytes, Message& out);
[[nodiscard]] Error DecodeRegister(Bytes payload, RegisterPayload& out);
[[nodiscard]] Error DecodeAcknowledge(Bytes payload, AcknowledgePayload& out);

struct Written {
  Error error;
  size_t size = 0;
};
[[nodiscard]] Written Encode(const Message& message, std::span<std::byte> out);
[[nodiscard]] Written EncodeRegister(const TerminalId& terminal, uint32_t sequence,
                                     const RegisterPayload& payload, std::span<std::byte> out);
// `to` is the message that is answered: its terminal and sequence are repeated.
[[nodiscard]] Written EncodeAcknowledge(const Message& to, Outcome outcome, uint32_t server_time_s,
                                        std::span<std::byte> out);

uint16_t Crc16(Bytes bytes);  // CCITT-FALSE: polynomial 1021, start FFFF, no reflection

}  // namespace karez::protocols::envelope
