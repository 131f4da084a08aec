// Wireless M-Bus telegrams (EN 13757-4, -7, -3): link header, extended link layer, authentication
// layer, transport header and records, decrypted where a key is at hand.
//
//   Telegram telegram;
//   if (ParseTelegram(bytes, {&key}, telegram).ok()) Observe(telegram, observation);
//
// No allocation except for the derived keys of security mode 7.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/mbus/profile.h"
#include "libs/protocols/mbus/transport.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/wmbus/link.h"

namespace karez::protocols::wmbus {

using mbus::Secrets;

// Extended link layer: CI 8C (CC ACC), 8D (CC ACC SN CRC), 8E (CC ACC M2 A2), 8F (all of them).
struct ExtendedLink {
  uint8_t ci = 0;
  uint8_t communication = 0;  // CC
  uint8_t access = 0;
  std::optional<mbus::Identity> second_address;  // M2 A2
  uint32_t session =
      0;  // SN: bits 29…31 1 = AES-128-CTR, 0 = plain; has_session says if it is sent
  bool has_session = false;

  bool encrypted() const { return has_session && session >> 29 == 1; }
};

// Authentication and fragmentation layer, CI 90.
struct Authentication {
  uint16_t fragment = 0;  // FCL: bit 14 more fragments follow, bits 0…7 number of this one
  uint8_t control = 0;    // MCL
  std::optional<uint32_t> counter;
  Bytes mac;
  bool verified = false;

  bool more_fragments() const { return (fragment & 0x4000) != 0; }
  uint8_t fragment_number() const { return static_cast<uint8_t>(fragment & 0xFF); }
  // A message in one piece has number 0 or 1.
  bool is_fragment() const { return more_fragments() || fragment_number() > 1; }
};

struct Telegram {
  Telegram() = default;
  Telegram(const Telegram&) = delete;  // the views point into `bytes`
  Telegram& operator=(const Telegram&) = delete;

  Link link;
  std::optional<ExtendedLink> extended;
  std::optional<Authentication> authentication;
  size_t session_data_at = 0;  // payload CRC and what follows, when there is a session
  size_t transport_at = 0;     // of the transport layer's CI; 0: not reached
  mbus::Transport transport;   // its body as sent
  size_t body_at = 0;
  Bytes body;  // plain; empty when not reached
  // The telegram without checksums; decrypted in place as far as it went.
  std::array<std::byte, kMaxTelegram> bytes;

  Bytes bare() const { return Bytes(bytes).first(link.size); }
  // Inner identity of a long header, otherwise the radio's.
  const mbus::Identity& identity() const {
    return transport.header == mbus::HeaderKind::kLong ? transport.identity : link.sender;
  }
};

// Faults beside those of ParseLink, with positions in the bare telegram: kEncrypted, kKey (the key
// does not open the payload, or its authentication code is wrong), kChecksum (payload CRC of a
// plain session), kIdentifier (an unknown CI), kShort, kNotSupported (a mode of protection, or a
// fragment: messages are not gathered over several telegrams). What was read up to there
// stands in `out`.
[[nodiscard]] Error ParseTelegram(Bytes bytes, const Secrets& secrets, Telegram& out);

// Restores the records of a compact frame (CI 79, 7B, 73): signature(2) CRC(2) values, between
// fillers (2F) when it was encrypted, by the format of that signature. `positions` gets, for each
// byte written, its place in `body`. Faults, position within the body: kShort, kIdentifier (no such
// format; `found` is the signature), kLayout (more or fewer values), kChecksum (of the full frame).
[[nodiscard]] Error ExpandCompact(Bytes body, std::span<const mbus::CompactFormat> formats,
                                  std::span<std::byte> out, std::span<uint8_t> positions,
                                  size_t& size);

size_t CompactFillers(Bytes body);  // those in front of the signature: 0 or 2

// kLayout for a content that has no records; for a compact frame also what ExpandCompact finds. The
// profile has the compact formats and tells which bits are alarms.
[[nodiscard]] Error Observe(const Telegram& telegram, Observation& out,
                            const mbus::Profile* profile = nullptr);

struct Outgoing {
  Format format = Format::kBare;
  uint8_t control = kSndNr;
  mbus::Identity sender;
  std::optional<ExtendedLink> extended;
  // Mode 7 needs it: an authentication layer with an 8-byte code stands in front.
  std::optional<uint32_t> message_counter;
  mbus::Transport transport;  // `body` is plain, padded with 2F to what the configuration encrypts
};

// `key` may be null when nothing is to be encrypted.
[[nodiscard]] Written WriteTelegram(const Outgoing& telegram, crypto::Aes128* key,
                                    std::span<std::byte> out);

}  // namespace karez::protocols::wmbus
