// What stands behind the CI field, wired (EN 13757-3) and wireless (EN 13757-7) alike: the data
// header, how the body is protected, and what it holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/mbus/identity.h"

namespace karez::protocols::mbus {

enum class HeaderKind : uint8_t {
  kNone,
  kShort,  // access number, status, configuration (2)
  kLong,   // identity (8), then the same
};

enum class Content : uint8_t {
  kRecords,
  kCompactRecords,    // format signature, checksum and values of a format sent before (CI 79)
  kFormat,            // the format itself (CI 69 … 6B)
  kSelection,         // secondary address (CI 52)
  kReset,             // application reset, an optional sub-code (CI 50)
  kApplicationError,  // an optional error code (CI 70)
  kFixed,             // the fixed data structure of EN 1434-3 (CI 73 and 77, wired only): fixed.h
  kOther,             // manufacturer's or network layer: kept as bytes
};

// Protection modes of the configuration field, bits 8…12 (EN 13757-7 table 19).
inline constexpr uint8_t kModePlain = 0;
inline constexpr uint8_t kModeCbc = 5;         // AES-128-CBC, IV from address and access number
inline constexpr uint8_t kModeCbcDerived = 7;  // AES-128-CBC, IV zero, key derived by CMAC

struct Transport {
  uint8_t ci = 0;
  Content content = Content::kOther;
  bool is_command = false;  // from master to device
  HeaderKind header = HeaderKind::kNone;
  Identity identity;  // of a long header
  uint8_t access = 0;
  uint8_t status = 0;
  uint16_t configuration = 0;
  uint8_t configuration_extension = 0;  // mode 7: key derivation function and key number
  // Wired only: a mode above 15, which no edition defines, is the signature of EN 1434-3, where
  // nothing was encrypted yet.
  bool is_signature = false;
  size_t header_size = 1;  // CI and header
  Bytes body;

  uint8_t mode() const {
    return is_signature ? kModePlain : static_cast<uint8_t>(configuration >> 8 & 0x1F);
  }
  // Bytes at the body's start that are encrypted when the mode says so.
  size_t encrypted_size() const { return size_t{16} * (configuration >> 4 & 0x0F); }
};

// Status byte of a header.
inline constexpr uint8_t kStatusApplication = 0x03;  // 1 busy, 2 error, 3 abnormal or alarm
inline constexpr uint8_t kStatusPowerLow = 0x04;
inline constexpr uint8_t kStatusPermanentError = 0x08;
inline constexpr uint8_t kStatusTemporaryError = 0x10;

// `data` begins with CI. CI 73 is the fixed data structure on a wire and a compact frame with a
// long header on the air. Faults: kShort (the header is cut off), kIdentifier (an unknown CI).
[[nodiscard]] Error ParseTransport(Bytes data, bool wireless, Transport& out);

// Writes CI and header; `body` is not written. 0 when the buffer is too small or the header is
// none that `ci` has.
size_t WriteHeader(const Transport& transport, std::span<std::byte> out);

// What is needed to read a protected body. `key` is the meter's; it is used, never kept.
struct Secrets {
  crypto::Aes128* key = nullptr;
  bool already_decrypted = false;  // the body is plain, whatever the configuration says
};

// The address that initialisation vectors and key derivation use where the header has none, and
// the message counter of an authentication layer in front.
struct Sender {
  Identity identity;
  std::optional<uint32_t> message_counter;
};

// Gives the body in plain. What is encrypted is decrypted into `buffer` (at least the body's
// length); otherwise `plain` is the body itself. Faults, position within the body:
// kEncrypted: protected and no key at hand; kKey: the key is wrong (the plain text must begin with
// 2F 2F); kNotSupported: a mode of protection that we do not speak (`found`).
[[nodiscard]] Error Decrypt(const Transport& transport, const Sender& sender,
                            const Secrets& secrets, std::span<std::byte> buffer, Bytes& plain);

// The reverse: encrypts the first encrypted_size() bytes of `body` in place.
[[nodiscard]] Error Encrypt(const Transport& transport, const Sender& sender, crypto::Aes128& key,
                            std::span<std::byte> body);

// Keys of OMS' key derivation function A (EN 13757-7 section 9.2): CMAC(key, use | counter | number
// | 07…).
enum class KeyUse : uint8_t { kEncryption = 0x00, kAuthentication = 0x01 };
crypto::Key128 DeriveKey(crypto::Aes128& key, KeyUse use, uint32_t message_counter,
                         const Identity& identity);

}  // namespace karez::protocols::mbus
