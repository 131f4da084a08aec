// SL 651-2014 (hydrological telemetry), link layer in HEX mode (section 6.5).
//
//   up     7E7E centre(1) station(5) password(2) function(1) 0|length(12 bits) STX body ETX CRC
//   down   7E7E station(5) centre(1) password(2) function(1) 8|length(12 bits) STX body ETX CRC
//
// STX is 02, or 16 followed by number of packets and packet (12 bits each) when a message needs
// several; `length` counts what stands between STX and ETX. ETX: 03, 17 (more packets follow), and
// downlink 05 ENQ, 06 ACK, 15 NAK, 04 EOT, 1B ESC. CRC: Modbus CRC-16 of all before it, high byte
// first. Pure functions without allocation, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::sl651 {

inline constexpr size_t kHeaderSize = 14;  // up to and with STX
inline constexpr size_t kMaxBody = 0xFFF;
inline constexpr size_t kMaxFrame = kHeaderSize + kMaxBody + 3;

inline constexpr uint8_t kStx = 0x02;
inline constexpr uint8_t kStxPackets = 0x16;
inline constexpr uint8_t kEtx = 0x03;
inline constexpr uint8_t kEtb = 0x17;  // more packets follow
inline constexpr uint8_t kEnq = 0x05;
inline constexpr uint8_t kAck = 0x06;
inline constexpr uint8_t kNak = 0x15;
inline constexpr uint8_t kEot = 0x04;
inline constexpr uint8_t kEsc = 0x1B;

struct Header {
  bool down = false;  // to the station
  uint8_t centre = 0;
  std::array<uint8_t, 5> station{};  // BCD, most significant first, as sent
  uint16_t password = 0;
  uint8_t function = 0;
  uint8_t stx = kStx;
  uint16_t packets = 0;  // with kStxPackets: 1…4095
  uint16_t packet = 0;   // 1…packets
  uint8_t etx = kEtx;

  // Ten hex digits.
  FixedText<40> Station() const;
  friend bool operator==(const Header&, const Header&) = default;
};

bool ParseStation(std::string_view text, std::array<uint8_t, 5>& out);

struct Probe {
  static constexpr size_t kMaxFrame = sl651::kMaxFrame;
  Candidate operator()(Bytes data) const;
};

// `frame` is exactly one frame. `body` is what stands between STX (and packet numbers) and ETX.
[[nodiscard]] Error ParseLink(Bytes frame, Header& header, Bytes& body);

struct Written {
  Error error;
  size_t size = 0;
};
[[nodiscard]] Written WriteLink(const Header& header, Bytes body, std::span<std::byte> out);

}  // namespace karez::protocols::sl651
