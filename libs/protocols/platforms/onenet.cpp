// OneNET's envelope of pushes, and what is in it.
#include "libs/protocols/platforms/onenet.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "libs/protocols/base64.h"
#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/crypto/aes256_cbc.h"
#include "libs/protocols/crypto/digest.h"
#include "libs/protocols/platforms/raw_member.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {
namespace onenet {
namespace {

Bytes AsBytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool DecodeInto(std::string_view base64, std::vector<std::byte>& out) {
  out.resize(Base64DecodedSize(base64.size()));
  const Base64Result decoded = DecodeBase64(base64, out);
  out.resize(decoded.size);
  return decoded.error.ok();
}

// Bytes without PKCS #7 padding of up to `block` bytes; false when there is none.
bool Unpad(Bytes& plain, size_t block) {
  if (plain.empty()) return false;
  const auto padding = std::to_integer<size_t>(plain.back());
  if (padding == 0 || padding > block || padding > plain.size()) return false;
  for (const std::byte b : plain.last(padding)) {
    if (std::to_integer<size_t>(b) != padding) return false;
  }
  plain = plain.first(plain.size() - padding);
  return true;
}

}  // namespace

FixedText<24> SignatureOf(std::string_view token, std::string_view nonce, std::string_view msg) {
  std::vector<std::byte> text(token.size() + nonce.size() + msg.size());
  std::byte* at = text.data();
  for (const std::string_view part : {token, nonce, msg}) {
    if (!part.empty()) std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  const crypto::Md5Digest digest = crypto::Md5(text);
  std::array<char, 24> encoded;
  const Base64Result result = EncodeBase64(digest, encoded);
  return FixedText<24>(std::string_view(encoded.data(), result.size));
}

bool IsVerified(std::string_view token, std::string_view msg, std::string_view nonce,
                std::string_view signature) {
  if (signature.size() != 24) return false;
  std::array<char, 24> given;
  std::replace_copy(signature.begin(), signature.end(), given.begin(), ' ', '+');
  const FixedText<24> wanted = SignatureOf(token, nonce, msg);
  return crypto::SameSecret(AsBytes(wanted.view()), AsBytes({given.data(), given.size()}));
}

json::FieldError Opener::Check(const Secrets& secrets, std::string_view nonce,
                               std::string_view signature, std::string_view text, Envelope& out) {
  if (secrets.token.empty()) return {};
  out.signature_checked = true;
  if (IsVerified(secrets.token, text, nonce, signature)) return {};
  return {Fault::kChecksum, out.old_platform ? "msg_signature" : "signature"};
}

json::FieldError Opener::Open(std::string_view body, const Secrets& secrets, Envelope& out) {
  out = Envelope{};
  const auto root = parser_.Parse(body);
  if (!root || root->type() != json::Type::kObject) return {Fault::kLayout};
  const auto nonce = (*root)["nonce"].String();
  if (!nonce) return {Fault::kLayout, "nonce"};
  const json::Value old_signature = (*root)["msg_signature"];
  out.old_platform = !old_signature.missing();
  const auto signature = out.old_platform ? old_signature.String() : (*root)["signature"].String();
  if (!signature) return {Fault::kLayout, "signature"};
  out.id = KnownText((*root)["id"]);
  out.time_ms = (*root)["time"].Integer().value_or(kAbsent);
  const json::Value sealed = (*root)["enc_msg"];
  const json::Value msg = (*root)[sealed.missing() ? "msg" : "enc_msg"];
  std::string_view text;
  if (const auto string = msg.String()) {
    text = *string;
  } else if ((msg.type() == json::Type::kObject || msg.type() == json::Type::kArray) &&
             sealed.missing()) {
    text = RawMember(body, "msg");  // the signature is over these very characters
  } else {
    return {Fault::kValue, sealed.missing() ? "msg" : "enc_msg"};
  }
  if (const auto error = Check(secrets, *nonce, *signature, text, out); !error.ok()) return error;
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (sealed.missing() && first != std::string_view::npos &&
      (text[first] == '{' || text[first] == '[')) {
    out.msg = text;
    return {};
  }
  out.encrypted = true;
  if (secrets.aes_key.empty()) return {Fault::kEncrypted, sealed.missing() ? "msg" : "enc_msg"};
  return sealed.missing() ? OpenNew(secrets.aes_key, text, out)
                          : OpenOld(secrets.aes_key, text, out);
}

// AES-128-CBC with PKCS #7; the initial vector is the key, as in the platform's own receiver
// (cm-heclouds/data-push).
json::FieldError Opener::OpenNew(std::string_view key, std::string_view text, Envelope& out) {
  if (key.size() != crypto::kBlockSize) return {Fault::kKey, "msg"};
  if (!DecodeInto(text, cipher_) || cipher_.empty() || cipher_.size() % crypto::kBlockSize != 0) {
    return {Fault::kValue, "msg"};
  }
  crypto::Key128 aes_key;
  std::memcpy(aes_key.data(), key.data(), aes_key.size());
  crypto::Aes128 aes(aes_key);
  plain_.resize(cipher_.size());
  aes.DecryptCbc(aes_key, cipher_, plain_);
  Bytes plain(plain_);
  if (!Unpad(plain, crypto::kBlockSize) || !inner_.Parse(AsText(plain))) {
    return {Fault::kKey, "msg"};
  }
  out.msg = AsText(plain);
  return {};
}

// AES-256-CBC, key = Base64-decode(EncodingAESKey + "="), vector = its first 16 bytes;
// plain text = 16 random bytes, length (4, big-endian), msg, and what is padding.
json::FieldError Opener::OpenOld(std::string_view key, std::string_view text, Envelope& out) {
  std::array<std::byte, 33> key_bytes;
  const Base64Result decoded = DecodeBase64(key, key_bytes);
  if (!decoded.error.ok() || decoded.size != 32) return {Fault::kKey, "enc_msg"};
  if (!DecodeInto(text, cipher_) || cipher_.empty() || cipher_.size() % crypto::kBlockSize != 0) {
    return {Fault::kValue, "enc_msg"};
  }
  crypto::Key256 aes_key;
  std::copy_n(key_bytes.begin(), aes_key.size(), aes_key.begin());
  crypto::Block iv;
  std::copy_n(key_bytes.begin(), iv.size(), iv.begin());
  plain_.resize(cipher_.size());
  crypto::DecryptAes256Cbc(aes_key, iv, cipher_, plain_);
  constexpr size_t kHead = 20;
  if (plain_.size() < kHead) return {Fault::kKey, "enc_msg"};
  size_t length = 0;
  for (size_t i = 16; i < kHead; ++i) length = length << 8 | std::to_integer<size_t>(plain_[i]);
  if (length > plain_.size() - kHead) return {Fault::kKey, "enc_msg"};
  const std::string_view msg = AsText(Bytes(plain_).subspan(kHead, length));
  if (!inner_.Parse(msg)) return {Fault::kKey, "enc_msg"};
  out.msg = msg;
  return {};
}

}  // namespace onenet

json::FieldError PushReader::ReadOnenet(std::string_view msg, std::string_view id, int64_t time_ms,
                                        PlatformMessage& out, size_t index) {
  out = PlatformMessage{};
  const auto document = parser_.Parse(msg);
  if (!document) return {Fault::kLayout, "msg"};
  json::Value root = *document;
  if (root.type() == json::Type::kArray && index < root.size()) {
    out.more_messages = index + 1 < root.size();
    auto element = root.begin();
    for (size_t i = 0; i < index; ++i) ++element;
    root = *element;
  }
  if (root.type() != json::Type::kObject) return {Fault::kLayout, "msg"};
  out.platform = Platform::kOnenet;
  out.message_id = id;
  out.time_ms = time_ms;
  const bool old_platform =
      root["messageType"].missing() && root["type"].type() == json::Type::kInteger;
  const json::FieldError error =
      old_platform ? ReadOnenetOld(root, out) : ReadOnenetStudio(root, out);
  if (error.ok()) out.dedup = DedupKeyOf(out);
  return error;
}

namespace {

// {name: {value, time}}, or {name: value}. An event's value holds its own outputs.
void AddParams(const json::Value& params, PlatformMessage& out) {
  for (auto member = params.begin(); member != params.end(); ++member) {
    const json::Value told = (*member)["value"];
    const json::Value value = told.missing() ? *member : told;
    const int64_t time = (*member)["time"].Integer().value_or(kAbsent);
    if (out.kind == Kind::kEvent && value.type() == json::Type::kObject) {
      for (auto output = value.begin(); output != value.end(); ++output) {
        Property property = PropertyOf(member.key(), output.key(), *output);
        property.time_ms = time;
        AddProperty(property, out);
      }
      continue;
    }
    Property property = PropertyOf({}, member.key(), value);
    property.time_ms = time;
    AddProperty(property, out);
  }
}

}  // namespace

// {deviceId, productId, messageType, notifyType, data: {params: {name: {value, time}}}}
json::FieldError PushReader::ReadOnenetStudio(const json::Value& root, PlatformMessage& out) {
  out.device_id = KnownText(root["deviceId"]);
  if (out.device_id.empty()) out.device_id = KnownText(root["deviceName"]);
  out.product_id = KnownText(root["productId"]);
  out.imei = KnownText(root["imei"]);
  const auto type = root["messageType"].String();
  const auto notify = root["notifyType"].String();
  if (!type && !notify) return {Fault::kLayout, "msg.messageType"};
  const std::string_view what = notify.value_or(*type);
  const json::Value data = root["data"];
  if (what == "property" || what == "event" || what == "propertyHistory") {
    out.kind = what == "event" ? Kind::kEvent : Kind::kProperty;
    AddParams(data["params"].none() ? data : data["params"], out);
  } else if (what == "lbsAndWifi") {  // where base stations or access points see it
    out.kind = Kind::kProperty;
    out.service_id = what;
    out.time_ms = root["timestamp"].Integer().value_or(out.time_ms);
    AddParams(data, out);
  } else if (what == "reply") {  // to a service that was called
    const json::Value response = root["response"];
    out.kind = Kind::kCommandResponse;
    out.task_id = KnownText(response["id"]);
    out.result = TextOf(response["code"], task_room_);
    out.detail = KnownText(response["msg"]);
    out.service_id = KnownText(response["data"]["identifier"]);
    out.time_ms = root["rTime"].Integer().value_or(out.time_ms);
    AddParams(response["data"]["output"], out);
  } else if (what == "lifeCycle" || what == "lifecycle" || what == "deviceStatus" ||
             what == "online" || what == "offline") {
    std::string_view status = KnownText(data["status"]);
    if (status.empty()) status = KnownText(data["type"]);
    if (status.empty()) status = what;
    const bool online = status == "online" || data["status"].Integer() == 1;
    const bool offline = status == "offline" || data["status"].Integer() == 0;
    out.kind = online ? Kind::kOnline : offline ? Kind::kOffline : Kind::kStatus;
    out.result = status;
    out.time_ms = data["time"].Integer().value_or(out.time_ms);
  } else {
    return {Fault::kIdentifier, notify ? "msg.notifyType" : "msg.messageType"};
  }
  return {};
}

// {type 1 data point | 2 status | 7 result of a cached command, dev_id, ds_id, at, value, imei}
json::FieldError PushReader::ReadOnenetOld(const json::Value& root, PlatformMessage& out) {
  out.device_id = TextOf(root["dev_id"], device_room_);
  out.imei = KnownText(root["imei"]);
  out.node_id = out.imei;
  out.time_ms = root["at"].Integer().value_or(out.time_ms);
  switch (*root["type"].Integer()) {
    case 1: {
      out.kind = Kind::kData;
      out.service_id = KnownText(root["ds_id"]);
      Property property = PropertyOf({}, out.service_id, root["value"]);
      property.time_ms = out.time_ms;
      AddProperty(property, out);
      return {};
    }
    case 2: {
      const auto status = root["status"].Integer();
      if (status != 0 && status != 1) return {Fault::kValue, "msg.status"};
      out.kind = status == 1 ? Kind::kOnline : Kind::kOffline;
      return {};
    }
    case 7:
      out.kind = Kind::kCommandResponse;
      out.task_id = TextOf(root["cmd_id"], task_room_);
      // confirm_status: the device's answer; send_status: only whether it was sent.
      out.result = TextOf(root[root["confirm_status"].none() ? "send_status" : "confirm_status"],
                          result_room_);
      out.detail = KnownText(root["confirm_body"]);
      out.time_ms = root["confirm_time"].Integer().value_or(out.time_ms);
      return {};
    default:
      return {Fault::kIdentifier, "msg.type"};
  }
}

}  // namespace karez::protocols::platforms
