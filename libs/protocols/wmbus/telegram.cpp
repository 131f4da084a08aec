#include "libs/protocols/wmbus/telegram.h"

#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/mbus/message.h"
#include "libs/protocols/wmbus/layers.h"

namespace karez::protocols::wmbus {
namespace {

constexpr uint8_t kCiAuthentication = 0x90;

Error At(Error error, size_t offset) {
  error.position = static_cast<uint16_t>(error.position + offset);
  return error;
}

Error Short(const Telegram& telegram, size_t needed) {
  return {Fault::kShort, static_cast<uint16_t>(telegram.link.size), static_cast<uint32_t>(needed),
          static_cast<uint32_t>(telegram.link.size)};
}

// `at` moves from the extended link layer's CI behind the layer.
Error ReadExtended(const Secrets& secrets, Telegram& out, size_t& at) {
  const size_t size = ExtendedSize(static_cast<uint8_t>(out.bytes[at]));
  if (out.link.size < at + size) return Short(out, at + size);
  out.extended = ParseExtended(out.bare().subspan(at, size));
  at += size;
  const ExtendedLink& layer = *out.extended;
  if (!layer.has_session) return {};
  const uint32_t protection = layer.session >> 29;
  const auto session_at = static_cast<uint16_t>(at);
  if (protection > 1) return {Fault::kNotSupported, session_at, 0, protection};
  out.session_data_at = at;
  if (out.link.size < at + 3) return Short(out, at + 3);
  const std::span<std::byte> data(out.bytes.data() + at, out.link.size - at);
  const bool decrypt = layer.encrypted() && !secrets.already_decrypted;
  if (decrypt) {
    if (secrets.key == nullptr) return {Fault::kEncrypted, session_at, 0, protection};
    secrets.key->Ctr(CounterBlock(out.link.sender, layer), data, data);
  }
  const auto sent = static_cast<uint16_t>(LoadLowFirst(Bytes(data).first(2)));
  const uint16_t computed = Crc(Bytes(data).subspan(2));
  if (sent != computed) {
    return {decrypt ? Fault::kKey : Fault::kChecksum, session_at, computed, sent};
  }
  at += 2;
  return {};
}

Error ReadAuthentication(Telegram& out, size_t& at) {
  if (out.link.size < at + 2) return Short(out, at + 2);
  const size_t size = 2 + std::to_integer<size_t>(out.bytes[at + 1]);
  if (out.link.size < at + size + 1) return Short(out, at + size + 1);
  out.authentication.emplace();
  if (!ParseAuthentication(out.bare().subspan(at + 2, size - 2), *out.authentication)) {
    return {Fault::kLayout, static_cast<uint16_t>(at), 0, static_cast<uint32_t>(size)};
  }
  at += size;
  if (out.authentication->is_fragment()) {
    return {Fault::kNotSupported, static_cast<uint16_t>(at), 0, out.authentication->fragment};
  }
  return {};
}

// Hydrometer marks telegrams of its own form by a mode of protection that the standard lacks, and
// puts version and medium in front of the number. Known from public captures only.
void PutAddressRight(Telegram& out) {
  constexpr uint16_t kHydrometer = 0x2324;
  constexpr uint8_t kLastMode = 15;
  mbus::Identity& sender = out.link.sender;
  if (sender.manufacturer != kHydrometer || out.transport.header != mbus::HeaderKind::kShort ||
      out.transport.mode() <= kLastMode) {
    return;
  }
  out.link.version_first = true;
  const uint32_t sent = sender.number;
  sender.number = sent >> 16 | uint32_t{sender.version} << 16 | uint32_t{sender.medium} << 24;
  sender.version = static_cast<uint8_t>(sent & 0xFF);
  sender.medium = static_cast<uint8_t>(sent >> 8 & 0xFF);
}

// The code covers what was sent, so it is checked before decryption.
Error VerifyCode(const Secrets& secrets, size_t at, Telegram& out) {
  if (!out.authentication || out.authentication->mac.empty() || secrets.key == nullptr ||
      secrets.already_decrypted) {
    return {};
  }
  out.authentication->verified =
      VerifyMac(*secrets.key, out.identity(), *out.authentication, out.bare().subspan(at));
  if (!out.authentication->verified) return {Fault::kKey, static_cast<uint16_t>(at), 0, 0};
  return {};
}

Error ParseAs(bool or_b, Bytes bytes, const Secrets& secrets, Telegram& out) {
  out.link = {};
  out.extended.reset();
  out.authentication.reset();
  out.transport = {};
  out.transport_at = out.body_at = out.session_data_at = 0;
  out.body = {};
  if (const Error error = ParseLink(bytes, out.bytes, out.link, or_b); !error.ok()) return error;
  size_t at = kHeaderSize;
  if (ExtendedSize(static_cast<uint8_t>(out.bytes[at])) != 0) {
    if (const Error error = ReadExtended(secrets, out, at); !error.ok()) return error;
  }
  if (out.bytes[at] == std::byte{kCiAuthentication}) {
    if (const Error error = ReadAuthentication(out, at); !error.ok()) return error;
  }
  out.transport_at = at;
  Error error = mbus::ParseTransport(out.bare().subspan(at), true, out.transport);
  if (!error.ok()) return At(error, at);
  PutAddressRight(out);
  if (error = VerifyCode(secrets, at, out); !error.ok()) return error;
  out.body_at = at + out.transport.header_size;
  mbus::Sender sender{out.link.sender, std::nullopt};
  if (out.authentication) sender.message_counter = out.authentication->counter;
  const std::span<std::byte> in_place(out.bytes.data() + out.body_at, out.link.size - out.body_at);
  return At(mbus::Decrypt(out.transport, sender, secrets, in_place, out.body), out.body_at);
}

}  // namespace

// What is of format B by chance does not decode as such.
Error ParseTelegram(Bytes bytes, const Secrets& secrets, Telegram& out) {
  const Error error = ParseAs(true, bytes, secrets, out);
  if (error.ok() || out.link.format != Format::kB) return error;
  if (ParseAs(false, bytes, secrets, out).ok()) return {};
  return ParseAs(true, bytes, secrets, out);
}

Error Observe(const Telegram& telegram, Observation& out, const mbus::Profile* profile) {
  out = Observation{};
  out.control = telegram.link.control;
  out.kind = Kind::kReading;
  mbus::ObserveHeader(telegram.transport, telegram.identity(), out);
  if (telegram.transport.header == mbus::HeaderKind::kNone && telegram.extended) {
    out.sequence = telegram.extended->access;
  }
  if (telegram.transport.content == mbus::Content::kRecords) {
    if (telegram.transport.is_command) out.kind = Kind::kRequest;
    mbus::ObserveRecords(telegram.body, telegram.body_at, out, profile);
    return {};
  }
  if (telegram.transport.content == mbus::Content::kApplicationError) {
    out.kind = Kind::kRefused;
    return {};
  }
  if (telegram.transport.content != mbus::Content::kCompactRecords) {
    return {Fault::kLayout, static_cast<uint16_t>(telegram.transport_at), 0, telegram.transport.ci};
  }
  std::array<std::byte, kMaxTelegram> records;
  std::array<uint8_t, kMaxTelegram> positions;
  size_t size = 0;
  std::span<const mbus::CompactFormat> formats;
  if (profile != nullptr) formats = profile->compact_formats;
  const Error error = ExpandCompact(telegram.body, formats, records, positions, size);
  if (!error.ok()) return At(error, telegram.body_at);
  mbus::ObserveRecords(Bytes(records).first(size), telegram.body_at, out, profile);
  return {};
}

Written WriteTelegram(const Outgoing& telegram, crypto::Aes128* key, std::span<std::byte> out) {
  std::array<std::byte, kMaxTelegram> bare;
  const Bytes body = telegram.transport.body;
  bare[1] = std::byte{telegram.control};
  StoreLowFirst(telegram.sender.manufacturer, bare.data() + 2, 2);
  StoreLowFirst(telegram.sender.number, bare.data() + 4, 4);
  bare[8] = std::byte{telegram.sender.version};
  bare[9] = std::byte{telegram.sender.medium};
  size_t at = kHeaderSize;
  if (telegram.extended) at += WriteExtended(*telegram.extended, std::span(bare).subspan(at));
  const size_t session_at = at;
  const bool session = telegram.extended && telegram.extended->has_session;
  if (session) at += 2;
  const size_t authentication_at = at;
  if (telegram.message_counter) at += kAuthenticationSize;
  const size_t transport_at = at;
  at += mbus::WriteHeader(telegram.transport, std::span(bare).subspan(at));
  if (at + body.size() > bare.size()) {
    return {{Fault::kValue, 0, kMaxTelegram, static_cast<uint32_t>(at + body.size())}};
  }
  std::copy(body.begin(), body.end(), bare.begin() + static_cast<ptrdiff_t>(at));
  const size_t size = at + body.size();
  const bool protect = telegram.transport.header != mbus::HeaderKind::kNone &&
                       telegram.transport.mode() != mbus::kModePlain;
  const bool needs_key = protect || (session && telegram.extended->encrypted());
  if (key == nullptr && (needs_key || telegram.message_counter)) return {{Fault::kEncrypted}};
  if (protect) {
    const mbus::Sender sender{telegram.sender, telegram.message_counter};
    const Error error =
        mbus::Encrypt(telegram.transport, sender, *key, std::span(bare).subspan(at, body.size()));
    if (!error.ok()) return {At(error, at)};
  }
  if (telegram.message_counter) {
    const mbus::Identity& identity = telegram.transport.header == mbus::HeaderKind::kLong
                                         ? telegram.transport.identity
                                         : telegram.sender;
    WriteAuthentication(*key, identity, *telegram.message_counter,
                        Bytes(bare).subspan(transport_at, size - transport_at),
                        bare.data() + authentication_at);
  }
  if (session) {
    const std::span<std::byte> data(bare.data() + session_at, size - session_at);
    StoreLowFirst(Crc(Bytes(data).subspan(2)), data.data(), 2);
    if (telegram.extended->encrypted()) {
      key->Ctr(CounterBlock(telegram.sender, *telegram.extended), data, data);
    }
  }
  return WriteLink(telegram.format, Bytes(bare).first(size), out);
}

}  // namespace karez::protocols::wmbus
