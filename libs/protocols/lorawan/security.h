// LoRaWAN 1.0.x security: message integrity codes, encryption, joining, session keys and the frame
// counter (LoRaWAN 1.0.4 specification, sections 4.3, 4.4 and 6.2).
//
// Ciphers keep their key schedule: hold one Session per device and use it from one thread at a
// time. Nothing here allocates except the making of a cipher.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/lorawan/phy.h"

namespace karez::protocols::lorawan {

using crypto::Aes128;
using crypto::Key128;

// Of a data frame's bytes without MIC, with the counter's full 32 bits.
uint32_t DataMic(Aes128& nwk_s_key, Way way, uint32_t dev_addr, uint32_t counter, Bytes message);
// Of a join request or (plain) join accept without MIC.
uint32_t JoinMic(Aes128& app_key, Bytes message);

// FRMPayload, both ways: port 0 with the NwkSKey, any other with the AppSKey. `out` has at least
// in.size() bytes, and may be `in`.
void CryptPayload(Aes128& key, Way way, uint32_t dev_addr, uint32_t counter, Bytes in,
                  std::span<std::byte> out);

// The full counter of a frame that shows only the low 16 bits: the lowest one above `last` (the
// counter accepted before; none yet: 0 … 65535). Nothing: the counter would go beyond 32 bits.
// A frame that was sent before therefore gets a counter that its MIC does not fit: it never passes.
std::optional<uint32_t> FullCounter(std::optional<uint32_t> last, uint16_t on_air);

struct SessionKeys {
  Key128 nwk_s_key{};
  Key128 app_s_key{};
};
SessionKeys DeriveSessionKeys(Aes128& app_key, uint32_t app_nonce, uint32_t net_id,
                              uint16_t dev_nonce);

// Checks the MIC. Faults of ParseJoinRequest; kChecksum (`out` is filled then).
[[nodiscard]] Error OpenJoinRequest(Aes128& app_key, Bytes phy, JoinRequest& out);
[[nodiscard]] Written SealJoinRequest(Aes128& app_key, const JoinRequest& request,
                                      std::span<std::byte> out);

// A join accept is sent AES-*decrypted*, so that a device needs encryption only. `plain` takes the
// frame in the clear and has at least phy.size() bytes.
[[nodiscard]] Error OpenJoinAccept(Aes128& app_key, Bytes phy, std::span<std::byte> plain,
                                   JoinAccept& out);
[[nodiscard]] Written SealJoinAccept(Aes128& app_key, const JoinAccept& accept,
                                     std::span<std::byte> out);

// The keys of one device's session, and what was agreed with it.
class Session {
 public:
  Session(uint32_t dev_addr, const SessionKeys& keys);

  struct Opened {
    Data frame;            // its payload as sent
    uint32_t counter = 0;  // all 32 bits
    Bytes payload;         // in the clear, a view of `plain`
  };
  // Parses, finds the counter, checks the MIC and decrypts into `plain` (kMaxPhy bytes are enough).
  // Faults of ParseData; kIdentifier: another DevAddr; kReplay: a counter that is not above `last`
  // though the MIC is right, `found` being that counter; kChecksum: wrong MIC; kBuffer.
  [[nodiscard]] Error Open(Bytes phy, std::optional<uint32_t> last, std::span<std::byte> plain,
                           Opened& out);
  // Encrypts the payload, which `frame` holds in the clear, and adds the MIC. DevAddr and FCnt are
  // set from the session and `counter`. Faults of WriteData.
  [[nodiscard]] Written Seal(Data frame, uint32_t counter, std::span<std::byte> out);

 private:
  uint32_t dev_addr_;
  Aes128 nwk_s_key_;
  Aes128 app_s_key_;
};

}  // namespace karez::protocols::lorawan
