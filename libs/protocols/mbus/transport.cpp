#include "libs/protocols/mbus/transport.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

constexpr size_t kShortHeader = 4;

struct CiRow {
  uint8_t ci;
  Content content;
  HeaderKind header;
  bool is_command;
};

constexpr CiRow kRows[] = {
    {0x50, Content::kReset, HeaderKind::kNone, true},
    {0x51, Content::kRecords, HeaderKind::kNone, true},
    {0x52, Content::kSelection, HeaderKind::kNone, true},
    {0x5A, Content::kRecords, HeaderKind::kShort, true},
    {0x5B, Content::kRecords, HeaderKind::kLong, true},
    {0x69, Content::kFormat, HeaderKind::kNone, false},
    {0x6A, Content::kFormat, HeaderKind::kShort, false},
    {0x6B, Content::kFormat, HeaderKind::kLong, false},
    {0x6E, Content::kApplicationError, HeaderKind::kShort, false},
    {0x6F, Content::kApplicationError, HeaderKind::kLong, false},
    {0x70, Content::kApplicationError, HeaderKind::kNone, false},
    {0x72, Content::kRecords, HeaderKind::kLong, false},
    {0x77, Content::kFixed, HeaderKind::kNone, false},
    {0x78, Content::kRecords, HeaderKind::kNone, false},
    {0x79, Content::kCompactRecords, HeaderKind::kNone, false},
    {0x7A, Content::kRecords, HeaderKind::kShort, false},
    {0x7B, Content::kCompactRecords, HeaderKind::kShort, false},
};
constexpr CiRow kFixedStructure = {0x73, Content::kFixed, HeaderKind::kNone, false};
constexpr CiRow kCompactLong = {0x73, Content::kCompactRecords, HeaderKind::kLong, false};

const CiRow* FindRow(uint8_t ci, bool wireless) {
  if (ci == 0x73) return wireless ? &kCompactLong : &kFixedStructure;
  for (const CiRow& row : kRows) {
    if (row.ci == ci) return &row;
  }
  return nullptr;
}

const Identity& AddressOf(const Transport& transport, const Sender& sender) {
  return transport.header == HeaderKind::kLong ? transport.identity : sender.identity;
}

// Mode 5: manufacturer and address as sent over the air, then the access number eight times.
crypto::Block CbcVector(const Transport& transport, const Sender& sender) {
  const Identity& identity = AddressOf(transport, sender);
  crypto::Block iv;
  iv.fill(std::byte{transport.access});
  StoreLowFirst(identity.manufacturer, iv.data(), 2);
  StoreLowFirst(identity.number, iv.data() + 2, 4);
  iv[6] = std::byte{identity.version};
  iv[7] = std::byte{identity.medium};
  return iv;
}

bool IsPlain(Bytes body) {
  return body.size() >= 2 && body[0] == std::byte{0x2F} && body[1] == std::byte{0x2F};
}

Error CheckMode(const Transport& transport, const Sender& sender) {
  const uint8_t mode = transport.mode();
  const bool known = mode == kModeCbc || (mode == kModeCbcDerived && sender.message_counter);
  if (!known) return {Fault::kNotSupported, 0, 0, mode};
  if (transport.encrypted_size() > transport.body.size()) {
    return {Fault::kShort, 0, static_cast<uint32_t>(transport.encrypted_size()),
            static_cast<uint32_t>(transport.body.size())};
  }
  return {};
}

// One pass of either mode over whole blocks.
template <class Pass>
void WithModeKey(const Transport& transport, const Sender& sender, crypto::Aes128& key, Pass pass) {
  if (transport.mode() == kModeCbc) return pass(key, CbcVector(transport, sender));
  crypto::Aes128 derived(
      DeriveKey(key, KeyUse::kEncryption, *sender.message_counter, AddressOf(transport, sender)));
  pass(derived, crypto::Block{});
}

}  // namespace

Error ParseTransport(Bytes data, bool wireless, Transport& out) {
  if (data.empty()) return {Fault::kShort, 0, 1, 0};
  out = {};
  out.ci = static_cast<uint8_t>(data[0]);
  const CiRow* row = FindRow(out.ci, wireless);
  if (row == nullptr) {
    out.body = data.subspan(1);
    return {Fault::kIdentifier, 0, 0, out.ci};
  }
  out.content = row->content;
  out.header = row->header;
  out.is_command = row->is_command;
  if (out.header == HeaderKind::kNone) {
    out.body = data.subspan(1);
    return {};
  }
  const size_t tail_at = out.header == HeaderKind::kLong ? 1 + Identity::kSize : 1;
  out.header_size = tail_at + kShortHeader;
  if (data.size() < out.header_size) {
    return {Fault::kShort, static_cast<uint16_t>(data.size()),
            static_cast<uint32_t>(out.header_size), static_cast<uint32_t>(data.size())};
  }
  if (out.header == HeaderKind::kLong) out.identity = Identity::Read(data.subspan(1));
  out.access = static_cast<uint8_t>(data[tail_at]);
  out.status = static_cast<uint8_t>(data[tail_at + 1]);
  out.configuration = static_cast<uint16_t>(LoadLowFirst(data.subspan(tail_at + 2, 2)));
  out.is_signature = !wireless && out.mode() > 15;
  if (out.mode() == kModeCbcDerived && data.size() > out.header_size) {
    out.configuration_extension = static_cast<uint8_t>(data[out.header_size++]);
  }
  out.body = data.subspan(out.header_size);
  return {};
}

size_t WriteHeader(const Transport& transport, std::span<std::byte> out) {
  const bool extended =
      transport.header != HeaderKind::kNone && transport.mode() == kModeCbcDerived;
  size_t size = 1 + (extended ? 1 : 0);
  if (transport.header != HeaderKind::kNone) size += kShortHeader;
  if (transport.header == HeaderKind::kLong) size += Identity::kSize;
  if (out.size() < size) return 0;
  std::byte* at = out.data();
  *at++ = std::byte{transport.ci};
  if (transport.header == HeaderKind::kNone) return size;
  if (transport.header == HeaderKind::kLong) {
    transport.identity.Write(at);
    at += Identity::kSize;
  }
  *at++ = std::byte{transport.access};
  *at++ = std::byte{transport.status};
  StoreLowFirst(transport.configuration, at, 2);
  if (extended) at[2] = std::byte{transport.configuration_extension};
  return size;
}

Error Decrypt(const Transport& transport, const Sender& sender, const Secrets& secrets,
              std::span<std::byte> buffer, Bytes& plain) {
  plain = transport.body;
  if (transport.header == HeaderKind::kNone || transport.mode() == kModePlain ||
      secrets.already_decrypted ||
      (transport.mode() == kModeCbc && transport.encrypted_size() == 0)) {
    return {};
  }
  if (secrets.key == nullptr) return {Fault::kEncrypted, 0, 0, transport.mode()};
  if (const Error error = CheckMode(transport, sender); !error.ok()) return error;
  if (buffer.size() < transport.body.size()) {
    return {Fault::kBuffer, 0, static_cast<uint32_t>(transport.body.size()), 0};
  }
  const size_t size = transport.encrypted_size();
  WithModeKey(transport, sender, *secrets.key, [&](crypto::Aes128& key, const crypto::Block& iv) {
    key.DecryptCbc(iv, transport.body.first(size), buffer);
  });
  const Bytes rest = transport.body.subspan(size);
  std::copy(rest.begin(), rest.end(), buffer.begin() + static_cast<ptrdiff_t>(size));
  plain = buffer.first(transport.body.size());
  if (!IsPlain(plain)) return {Fault::kKey, 0, 0, 0};
  return {};
}

Error Encrypt(const Transport& transport, const Sender& sender, crypto::Aes128& key,
              std::span<std::byte> body) {
  Transport whole = transport;
  whole.body = body;
  if (const Error error = CheckMode(whole, sender); !error.ok()) return error;
  const size_t size = transport.encrypted_size();
  WithModeKey(whole, sender, key, [&](crypto::Aes128& mode_key, const crypto::Block& iv) {
    mode_key.EncryptCbc(iv, Bytes(body).first(size), body);
  });
  return {};
}

crypto::Key128 DeriveKey(crypto::Aes128& key, KeyUse use, uint32_t message_counter,
                         const Identity& identity) {
  std::array<std::byte, 16> input;
  input.fill(std::byte{0x07});
  input[0] = static_cast<std::byte>(use);
  StoreLowFirst(message_counter, input.data() + 1, 4);
  StoreLowFirst(identity.number, input.data() + 5, 4);
  return key.Cmac(input);
}

}  // namespace karez::protocols::mbus
