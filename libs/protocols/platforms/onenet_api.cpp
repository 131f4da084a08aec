#include <array>

#include "libs/protocols/base64.h"
#include "libs/protocols/crypto/digest.h"
#include "libs/protocols/json/writer.h"
#include "libs/protocols/platforms/onenet.h"

namespace karez::protocols::platforms::onenet {
namespace {

constexpr std::string_view kVersion = "2018-10-31";

Bytes AsBytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

std::string_view MethodName(TokenMethod method) {
  constexpr std::string_view kNames[] = {"md5", "sha1", "sha256"};
  return kNames[static_cast<size_t>(method)];
}

// Base64 of the digest, in the room.
template <class Digest>
std::string_view PutBase64(const Digest& digest, TextRoom& room) {
  if (EncodeBase64(digest, room.free()).error.ok()) {
    room.Used(Base64EncodedSize(digest.size()));
    return room.Take();
  }
  room.Used(Base64EncodedSize(digest.size()));
  return {};
}

std::string_view Hmac(TokenMethod method, Bytes key, Bytes text, TextRoom& room) {
  switch (method) {
    case TokenMethod::kMd5:
      return PutBase64(crypto::HmacMd5(key, text), room);
    case TokenMethod::kSha1:
      return PutBase64(crypto::HmacSha1(key, text), room);
    case TokenMethod::kSha256:
      return PutBase64(crypto::HmacSha256(key, text), room);
  }
  return {};
}

}  // namespace

Error WriteToken(std::string_view resource, int64_t expires_s, TokenMethod method,
                 std::string_view key, TextRoom& room, std::string_view& out) {
  std::array<std::byte, 128> key_bytes;
  const Base64Result decoded = DecodeBase64(key, key_bytes);
  if (!decoded.error.ok()) return {Fault::kValue};
  room.AddNumber(expires_s).Add("\n").Add(MethodName(method)).Add("\n").Add(resource).Add("\n");
  const std::string_view text = room.Add(kVersion).Take();
  if (!room.ok()) return room.error();
  const std::string_view sign =
      Hmac(method, Bytes(key_bytes).first(decoded.size), AsBytes(text), room);
  room.Add("version=").Add(kVersion).Add("&res=").AddPercentEncoded(resource);
  room.Add("&et=").AddNumber(expires_s).Add("&method=").Add(MethodName(method));
  out = room.Add("&sign=").AddPercentEncoded(sign).Take();
  return room.error();
}

Error WriteNbWrite(std::string_view token, const NbWrite& write, TextRoom& room, ApiRequest& out) {
  if (write.imei.empty() || write.expired_time.empty() || write.value.size() > 1024) {
    return {Fault::kValue};
  }
  json::Writer writer(room.free());
  writer.BeginObject().Key("data").BeginArray().BeginObject();
  writer.Key("res_id").Integer(write.resource).Key("type").Integer(1);
  writer.Key("val").Hex(write.value).EndObject().EndArray().EndObject();
  room.Used(writer.size());
  out = ApiRequest{};
  out.method = "POST";
  out.host = "api.heclouds.com";
  out.body = room.Take();
  room.Add("/nbiot/offline?imei=").AddPercentEncoded(write.imei);
  room.Add("&obj_id=").AddNumber(write.object).Add("&obj_inst_id=").AddNumber(write.instance);
  room.Add("&mode=").Add(write.replace ? "1" : "2");
  out.target = room.Add("&expired_time=").AddPercentEncoded(write.expired_time).Take();
  out.headers.push_back({"Authorization", token});
  out.headers.push_back({"Content-Type", "application/json"});
  return room.error();
}

Error WriteSetProperty(std::string_view token, const SetProperty& set, TextRoom& room,
                       ApiRequest& out) {
  if (set.product_id.empty() || set.device_name.empty()) return {Fault::kValue};
  json::Writer writer(room.free());
  writer.BeginObject().Key("product_id").String(set.product_id);
  writer.Key("device_name").String(set.device_name).Key("params").BeginObject();
  for (const Parameter& parameter : set.params) {
    writer.Key(parameter.name);
    if (parameter.type == Parameter::Type::kInteger) {
      writer.Integer(parameter.number);
    } else if (parameter.type == Parameter::Type::kBool) {
      writer.Bool(parameter.number != 0);
    } else {
      writer.String(parameter.text);
    }
  }
  writer.EndObject().EndObject();
  room.Used(writer.size());
  out = ApiRequest{};
  out.method = "POST";
  out.host = "openapi.heclouds.com";
  out.target = set.desired ? "/application?action=SetDeviceDesiredProperty&version=1"
                           : "/application?action=SetDeviceProperty&version=1";
  out.body = room.Take();
  out.headers.push_back({"Authorization", token});
  out.headers.push_back({"Content-Type", "application/json"});
  return room.error();
}

}  // namespace karez::protocols::platforms::onenet
