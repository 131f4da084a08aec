// China Mobile OneNET: verification of the push address, the envelope of pushes (new and old
// platform, plain and secure), tokens and commands.
//
//   signature = Base64(MD5(token + nonce + msg)), msg as the raw text that was sent
//
// Answer 200 within 5 s; otherwise the platform repeats up to 16 times over 2 h 45 min 45 s.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/json/document.h"
#include "libs/protocols/platforms/api_request.h"
#include "libs/protocols/platforms/message.h"

namespace karez::protocols::platforms::onenet {

// GET url?msg&nonce&signature: answer `msg` verbatim with 200 when true. `signature` after
// form-decoding: a + that became a blank is understood.
bool IsVerified(std::string_view token, std::string_view msg, std::string_view nonce,
                std::string_view signature);

// Base64(MD5(token + nonce + msg)), 24 characters.
FixedText<24> SignatureOf(std::string_view token, std::string_view nonce, std::string_view msg);

struct Secrets {
  std::string_view token;    // empty: signatures are not checked
  std::string_view aes_key;  // new platform: 16 characters; old: the 43 of EncodingAESKey
};

// A push, opened. Views are valid until the opener opens again.
struct Envelope {
  std::string_view msg;  // JSON text
  std::string_view id;   // new platform: the same on repetition
  int64_t time_ms = kAbsent;
  bool old_platform = false;
  bool encrypted = false;
  bool signature_checked = false;
};

// Keeps its buffers; one per thread. MD5 and AES of libcrypto allocate their scratch.
class Opener {
 public:
  // kLayout    no envelope of OneNET
  // kChecksum  wrong signature (`field`): refuse with 401, and nothing of it is to be used
  // kEncrypted no key for an encrypted message
  // kKey       decrypted to what is no JSON: the key is wrong
  // kValue     a member of the wrong type
  [[nodiscard]] json::FieldError Open(std::string_view body, const Secrets& secrets, Envelope& out);

 private:
  json::FieldError Check(const Secrets& secrets, std::string_view nonce, std::string_view signature,
                         std::string_view text, Envelope& out);
  json::FieldError OpenNew(std::string_view key, std::string_view text, Envelope& out);
  json::FieldError OpenOld(std::string_view key, std::string_view text, Envelope& out);

  json::Parser parser_;
  json::Parser inner_;  // only tells whether what was decrypted is JSON
  std::vector<std::byte> cipher_;
  std::vector<std::byte> plain_;
};

enum class TokenMethod : uint8_t { kMd5, kSha1, kSha256 };

// version=2018-10-31&res=…&et=…&method=…&sign=…, values URL-encoded. `key` is the Base64 access
// key, `resource` "products/<id>" or "userid/<id>". kValue: the key is no Base64.
[[nodiscard]] Error WriteToken(std::string_view resource, int64_t expires_s, TokenMethod method,
                               std::string_view key, TextRoom& room, std::string_view& out);

// NB-IoT, kept until the device's next contact (POST /nbiot/offline, at most 2 KB).
struct NbWrite {
  std::string_view imei;
  uint16_t object = 0;
  uint16_t instance = 0;
  uint16_t resource = 0;
  bool replace = true;            // mode 1, otherwise 2 (partial update)
  std::string_view expired_time;  // "2026-01-01T00:00:00", the platform's time zone
  Bytes value;                    // opaque, sent as hex (type 1)
};
[[nodiscard]] Error WriteNbWrite(std::string_view token, const NbWrite& write, TextRoom& room,
                                 ApiRequest& out);

// Studio: sets a thing-model property now, or when the device is there (desired).
struct SetProperty {
  std::string_view product_id;
  std::string_view device_name;
  std::span<const Parameter> params;
  bool desired = false;
};
[[nodiscard]] Error WriteSetProperty(std::string_view token, const SetProperty& set, TextRoom& room,
                                     ApiRequest& out);

}  // namespace karez::protocols::platforms::onenet
