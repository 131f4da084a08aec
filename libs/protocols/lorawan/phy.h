// LoRaWAN 1.0.x frames as they go over the air (LoRaWAN 1.0.4 specification, section 4): the parts
// of a PHYPayload, read and written. Nothing here needs a key: see security.h.
//
//   MHDR(1) MACPayload MIC(4)                     MHDR = MType(3) RFU(3) Major(2)
//   data: DevAddr(4) FCtrl(1) FCnt(2) FOpts(0–15) [FPort(1) FRMPayload]
// Numbers are sent low byte first. Pure functions without allocation, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::lorawan {

inline constexpr size_t kMaxPhy = 255;
inline constexpr size_t kMicSize = 4;
inline constexpr size_t kMinData = 12;
inline constexpr size_t kMaxOptions = 15;
inline constexpr size_t kJoinRequestSize = 23;
inline constexpr size_t kJoinAcceptSize = 17;  // without CFList
inline constexpr size_t kChannelListSize = 16;

enum class MType : uint8_t {
  kJoinRequest,
  kJoinAccept,
  kUnconfirmedUp,
  kUnconfirmedDown,
  kConfirmedUp,
  kConfirmedDown,
  kReserved,  // LoRaWAN 1.1: rejoin request
  kProprietary,
};
std::string_view Name(MType type);  // "join-request", "unconfirmed-up", …

enum class Way : uint8_t { kUp = 0, kDown = 1 };

inline MType TypeOf(uint8_t mhdr) { return static_cast<MType>(mhdr >> 5); }
inline uint8_t HeaderOf(MType type) { return static_cast<uint8_t>(static_cast<int>(type) << 5); }

// A MIC is printed, and kept as a number, in the order of its bytes.
struct Data {
  static constexpr uint8_t kAdr = 0x80;
  static constexpr uint8_t kAdrAckRequest = 0x40;  // up
  static constexpr uint8_t kAck = 0x20;
  static constexpr uint8_t kClassB = 0x10;   // up
  static constexpr uint8_t kPending = 0x10;  // down

  MType type = MType::kUnconfirmedUp;
  uint32_t dev_addr = 0;
  uint8_t flags = 0;     // the upper four bits of FCtrl
  uint16_t counter = 0;  // FCnt: the low 16 of the counter's 32 bits
  Bytes options;         // FOpts: MAC commands
  std::optional<uint8_t> port;
  Bytes payload;  // FRMPayload as sent; needs a port, may be empty with one
  uint32_t mic = 0;

  Way way() const {
    return type == MType::kUnconfirmedUp || type == MType::kConfirmedUp ? Way::kUp : Way::kDown;
  }
  uint8_t control() const { return static_cast<uint8_t>(flags | options.size()); }
};

struct JoinRequest {
  uint64_t join_eui = 0;  // AppEUI in the older texts
  uint64_t dev_eui = 0;
  uint16_t dev_nonce = 0;
  uint32_t mic = 0;
};

// In the clear; on air it is encrypted (security.h).
struct JoinAccept {
  uint32_t app_nonce = 0;  // 24 bits; JoinNonce in 1.0.4
  uint32_t net_id = 0;     // 24 bits
  uint32_t dev_addr = 0;
  uint8_t dl_settings = 0;
  uint8_t rx_delay = 0;
  std::optional<std::array<std::byte, kChannelListSize>> channels = {};  // CFList
  uint32_t mic = 0;
};

// Faults of all three: kShort, kLength, kVersion (Major is not LoRaWAN R1), kControl (another
// MType). ParseData: kLength also when FOpts are longer than the frame, kLayout for FOpts together
// with port 0, which the standard forbids. `out` views `phy`.
[[nodiscard]] Error ParseData(Bytes phy, Data& out);
[[nodiscard]] Error ParseJoinRequest(Bytes phy, JoinRequest& out);
// `phy` in the clear, MHDR first.
[[nodiscard]] Error ParseJoinAccept(Bytes phy, JoinAccept& out);

struct Written {
  Error error;
  size_t size = 0;
};

// The frame with the MIC that the value holds; ParseX gives the same value again.
// kValue: no data type, FOpts longer than 15 or together with port 0, payload without port, flags
// that are no flags, a frame above 255 bytes, a number wider than its field. kBuffer.
[[nodiscard]] Written WriteData(const Data& data, std::span<std::byte> out);
[[nodiscard]] Written WriteJoinRequest(const JoinRequest& request, std::span<std::byte> out);
[[nodiscard]] Written WriteJoinAccept(const JoinAccept& accept, std::span<std::byte> out);

// The MIC at the end of a frame, and a new one in its place. `phy` has at least five bytes.
uint32_t LoadMic(Bytes phy);
void StoreMic(uint32_t mic, std::span<std::byte> phy);

}  // namespace karez::protocols::lorawan
