// The layers between link and transport: extended link layer (EN 13757-4 section 13) and
// authentication and fragmentation layer (EN 13757-7). Internal to the codec.
#pragma once

#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/wmbus/telegram.h"

namespace karez::protocols::wmbus {

// Bytes of the extended link layer that `ci` begins, without the payload checksum; 0: none.
size_t ExtendedSize(uint8_t ci);
ExtendedLink ParseExtended(Bytes bytes);
size_t WriteExtended(const ExtendedLink& layer, std::span<std::byte> out);

// First counter block of a session: M A CC SN, frame and block number 0.
crypto::Block CounterBlock(const mbus::Identity& sender, const ExtendedLink& layer);

// `bytes` behind AFLL. False when the fields that FCL announces do not fill them.
bool ParseAuthentication(Bytes bytes, Authentication& out);

// The code over control, counter and the message from the transport layer's CI on.
bool VerifyMac(crypto::Aes128& key, const mbus::Identity& identity, const Authentication& layer,
               Bytes message);

// CI, length, FCL 2C00, MCL 25, counter, 8-byte code.
inline constexpr size_t kAuthenticationSize = 17;
void WriteAuthentication(crypto::Aes128& key, const mbus::Identity& identity, uint32_t counter,
                         Bytes message, std::byte* out);

}  // namespace karez::protocols::wmbus
