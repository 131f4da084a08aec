#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/platforms/ctwing.h"
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/onenet.h"
#include "libs/protocols/platforms/raw_member.h"

namespace karez::protocols {
namespace {

using platforms::Kind;
using platforms::Platform;
using platforms::PlatformMessage;
using platforms::Property;

constexpr int kOk = 200;
constexpr int kRefused = 401;

std::string KeyOf(const Question& question, std::string_view name) {
  const auto found = question.keys.find(name);
  return found == question.keys.end() ? std::string() : found->second;
}

std::string_view AsText(const std::string& text) { return text; }

Json TextOrNull(std::string_view text) { return text.empty() ? Json() : Json(text); }

// "2015-12-12T12:12:13Z"; with milliseconds only where they are not zero.
std::string UtcText(int64_t time_ms) {
  const int64_t second = (time_ms >= 0 ? time_ms : time_ms - 999) / 1000;
  const int64_t millisecond = time_ms - second * 1000;
  const auto seconds = static_cast<time_t>(second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[40];
  const size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::string utc(text, size);
  if (millisecond != 0) {
    const std::string digits = std::to_string(1000 + millisecond);
    utc += "." + digits.substr(1);
  }
  return utc + "Z";
}

Json PropertyValue(const Property& property) {
  switch (property.type) {
    case Property::Type::kNumber:
      if (property.exponent == 0) return property.raw;
      return std::stod(Decimal(property.raw, property.exponent));
    case Property::Type::kText:
      return property.text;
    case Property::Type::kBool:
      return property.raw != 0;
    case Property::Type::kOther:
      return nullptr;
  }
  return nullptr;
}

// CTWing numbers its tasks and services, the others name them.
Json IdJson(std::string_view id) {
  const bool number = !id.empty() && (id[0] != '0' || id.size() == 1) && id.size() < 19 &&
                      id.find_first_not_of("0123456789") == std::string_view::npos;
  return number ? Json(std::stoll(std::string(id))) : Json(id);
}

void AddCommandState(const PlatformMessage& message, Json& out) {
  if (!message.task_id.empty()) out["task_id"] = IdJson(message.task_id);
  if (!message.result.empty()) out["result"] = message.result;
  // In Huawei's own word.
  if (message.platform == Platform::kHuawei && !message.result.empty()) {
    out["status"] = message.result;
  }
  if (!message.detail.empty()) out["detail"] = message.detail;
}

void AddPayload(const Question& question, const PlatformMessage& message, Json& out) {
  if (message.payload.data() == nullptr) return;
  out["payload_len"] = message.payload.size();
  out["payload_hex"] = CompactHex(message.payload);
  if (IsText(message.payload)) out["payload"] = Text(message.payload);
  if (question.profile == nullptr) return;
  Json inner = ExplainMeterFrames(*question.profile, message.payload);
  if (inner.at("valid").get<bool>()) out["frames"] = std::move(inner);
}

void AddMessage(const Question& question, const PlatformMessage& message, Json& out) {
  out["platform"] = Name(message.platform);
  out["kind"] = Name(message.kind);
  out["device_id"] = TextOrNull(message.device_id);
  if (!message.node_id.empty()) out["node_id"] = message.node_id;
  out["imei"] = TextOrNull(message.imei);
  out["imsi"] = TextOrNull(message.imsi);
  out["iccid"] = TextOrNull(message.iccid);
  out["product_id"] = TextOrNull(message.product_id);
  if (!message.account.empty()) out["account"] = message.account;
  if (!message.service_id.empty()) out["service_id"] = IdJson(message.service_id);
  if (!message.message_id.empty()) out["message_id"] = message.message_id;
  if (message.time_ms != kAbsent) {
    out["time_ms"] = message.time_ms;
    out["time"] = UtcText(message.time_ms);
  }
  if (message.event_type) out["event_type"] = *message.event_type;
  AddPayload(question, message, out);
  Json values = Json::object();
  for (const Property& property : message.properties) {
    values[std::string(property.name)] = PropertyValue(property);
  }
  if (!values.empty()) out["properties"] = std::move(values);
  ExplainProperties(question, {message.properties.begin(), message.properties.size()}, out);
  AddCommandState(message, out);
  out["dedup_key"] = CompactHex(message.dedup);
}

// False: `error` is in `out`. An unknown type of message is sound, but unsupported.
bool CheckError(const json::FieldError& error, Json& out) {
  if (error.ok()) return true;
  out["valid"] = error.fault == Fault::kIdentifier;
  const bool signature = error.fault == Fault::kChecksum;
  const std::string reason = signature ? "signature" : Lower(Name(error.fault));
  out[error.fault == Fault::kIdentifier ? "unsupported" : "reason"] = reason;
  if (!error.field.empty()) out["field"] = error.field;
  return false;
}

// {application, timestamp, MasterKey, parameters, body}: what is signed, and with the secret its
// signature.
Json ExplainCtwingCall(const Question& question, const Json& root) {
  const std::string application = root.value("application", "");
  const std::string secret = KeyOf(question, "secret");
  const std::string master_key = root.value("MasterKey", "");
  std::vector<std::pair<std::string, std::string>> texts;
  const Json given_parameters = root.value("parameters", Json::object());
  for (const auto& [name, value] : given_parameters.items()) {
    texts.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  std::vector<platforms::Header> parameters;
  for (const auto& [name, value] : texts) parameters.push_back({name, value});
  std::string body;
  if (root.contains("body")) {
    const Json& given = root.at("body");
    body = given.is_string() ? given.get<std::string>()
                             : std::string(platforms::RawMember(question.content, "body"));
  }
  std::vector<char> room(body.size() + platforms::kRequestRoom);
  platforms::TextRoom texts_room(room);
  const auto made =
      platforms::ctwing::Sign({application, secret, master_key},
                              root.at("timestamp").get<int64_t>(), parameters, body, texts_room);
  Json out = {{"protocol", "ctwing"}, {"valid", made.error.ok()}, {"kind", "api_call"}};
  if (!made.error.ok()) {
    out["reason"] = Lower(Name(made.error.fault));
    return out;
  }
  out["string_to_sign"] = made.text;
  if (!secret.empty()) out["signature"] = made.signature;
  return out;
}

bool IsCtwingCall(const Json& root) {
  return root.is_object() && root.contains("application") && root.contains("timestamp") &&
         root["application"].is_string() && root["timestamp"].is_number_integer() &&
         root.value("MasterKey", Json("")).is_string() &&
         root.value("parameters", Json::object()).is_object();
}

// {res, et, method, key}: the token of an API call.
bool IsOnenetToken(const Json& root) {
  return root.is_object() && root.contains("res") && root.contains("et") &&
         root["res"].is_string() && root["et"].is_number_integer();
}

std::string PercentDecoded(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    std::vector<std::byte> byte;
    if (text[i] == '%' && i + 3 <= text.size() && ParseHex(text.substr(i + 1, 2), byte)) {
      out += static_cast<char>(byte[0]);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Json ExplainOnenetToken(const Question& question, const Json& root) {
  using platforms::onenet::TokenMethod;
  const Json method = root.value("method", Json("md5"));
  if (method != "md5" && method != "sha1" && method != "sha256") {
    return {{"protocol", "onenet"}, {"valid", false}, {"reason", "value"}, {"field", "method"}};
  }
  const TokenMethod chosen = method == "sha1"     ? TokenMethod::kSha1
                             : method == "sha256" ? TokenMethod::kSha256
                                                  : TokenMethod::kMd5;
  std::string key = KeyOf(question, "access_key");
  if (key.empty() && root.value("key", Json()).is_string()) key = root["key"].get<std::string>();
  std::vector<char> room(platforms::kRequestRoom);
  platforms::TextRoom texts(room);
  std::string_view token;
  const Error error = platforms::onenet::WriteToken(
      root["res"].get<std::string>(), root["et"].get<int64_t>(), chosen, key, texts, token);
  Json out = {{"protocol", "onenet"}, {"valid", error.ok()}, {"kind", "token"}};
  if (error.ok()) {
    out["string_to_sign"] = std::to_string(root["et"].get<int64_t>()) + "\n" +
                            method.get<std::string>() + "\n" + root["res"].get<std::string>() +
                            "\n2018-10-31";
    out["sign"] = PercentDecoded(token.substr(token.find("&sign=") + 6));
    out["token"] = token;
  } else {
    out["reason"] = Lower(Name(error.fault));
  }
  return out;
}

// GET url?msg&nonce&signature, answered with msg itself.
Json ExplainVerification(const Question& question, const Json& query) {
  const auto text = [&](const char* name) {
    const auto found = query.find(name);
    return found != query.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string token = KeyOf(question, "token");
  const std::string msg = text("msg");
  Json out = {{"protocol", "onenet"}, {"valid", true}, {"kind", "verification"}};
  if (token.empty()) {
    out["signature_checked"] = false;
    return out;
  }
  out["signature_checked"] = true;
  if (platforms::onenet::IsVerified(token, msg, text("nonce"), text("signature"))) {
    out["status"] = kOk;
    out["body"] = msg;
    return out;
  }
  out["valid"] = false;
  out["status"] = kRefused;
  out["reason"] = "signature";
  out["computed_signature"] = platforms::onenet::SignatureOf(token, text("nonce"), msg).view();
  out["published_signature"] = text("signature");
  return out;
}

Json ExplainOnenetPush(const Question& question, std::string_view body) {
  Json out = {{"protocol", "onenet"}, {"valid", true}};
  platforms::onenet::Opener opener;
  platforms::onenet::Envelope envelope;
  const std::string token = KeyOf(question, "token");
  const std::string aes_key = KeyOf(question, "aes_key");
  const auto error = opener.Open(body, {token, aes_key}, envelope);
  out["signature_checked"] = envelope.signature_checked;
  if (!CheckError(error, out)) {
    if (error.fault == Fault::kChecksum) out["status"] = kRefused;
    return out;
  }
  if (envelope.signature_checked) out["status"] = kOk;
  out["encrypted"] = envelope.encrypted;
  if (!envelope.id.empty()) out["id"] = envelope.id;
  out["msg"] = envelope.msg;
  platforms::PushReader reader;
  PlatformMessage message;
  for (size_t index = 0; index == 0 || message.more_messages; ++index) {
    const auto fault =
        reader.ReadOnenet(envelope.msg, envelope.id, envelope.time_ms, message, index);
    Json one = Json::object();
    // The envelope is sound whatever is in it.
    if (fault.ok()) {
      AddMessage(question, message, one);
    } else {
      one["unsupported"] = Lower(Name(fault.fault));
      if (!fault.field.empty()) one["field"] = fault.field;
    }
    if (index == 0) {
      out.update(one);
    } else {
      out["next"].push_back(std::move(one));
    }
  }
  return out;
}

bool IsValid(const Json& explanation) { return explanation.at("valid").get<bool>(); }

bool HasText(const Json& root, const char* name) {
  const auto found = root.find(name);
  return found != root.end() && found->is_string();
}

}  // namespace

Json ExplainCtwing(const Question& question, Bytes) {
  const Json root = Json::parse(question.content);
  if (IsCtwingCall(root)) return ExplainCtwingCall(question, root);
  Json out = {{"protocol", "ctwing"}, {"valid", true}};
  platforms::PushReader reader;
  PlatformMessage message;
  if (CheckError(reader.ReadCtwing(question.content, message), out)) {
    AddMessage(question, message, out);
  }
  return out;
}

bool FitsCtwing(const Question& question, Bytes) {
  const Json root = Json::parse(question.content);
  const bool fits = IsCtwingCall(root) || (root.is_object() && HasText(root, "messageType") &&
                                           HasText(root, "deviceId") && root.contains("tenantId") &&
                                           root.contains("timestamp"));
  return fits && IsValid(ExplainCtwing(question, {}));
}

Json ExplainOnenet(const Question& question, Bytes) {
  const Json root = Json::parse(question.content);
  if (IsOnenetToken(root)) return ExplainOnenetToken(question, root);
  if (root.is_object() && root.contains("query") && root["query"].is_object()) {
    return ExplainVerification(question, root["query"]);
  }
  std::string_view body = AsText(question.content);
  std::string unquoted;
  if (root.is_object() && root.contains("method") && root.contains("body")) {
    body = platforms::RawMember(question.content, "body");
    if (root["body"].is_string()) {
      unquoted = root["body"].get<std::string>();
      body = unquoted;
    }
  }
  return ExplainOnenetPush(question, body);
}

bool FitsOnenet(const Question& question, Bytes) {
  const Json root = Json::parse(question.content);
  if (!root.is_object()) return false;
  if (IsOnenetToken(root)) return true;
  const bool request = root.contains("method");
  const Json& part = request && root.contains("query")  ? root["query"]
                     : request && root.contains("body") ? root["body"]
                                                        : root;
  const bool fits = part.is_object() && part.contains("nonce") &&
                    (part.contains("signature") || part.contains("msg_signature")) &&
                    (part.contains("msg") || part.contains("enc_msg"));
  return fits && IsValid(ExplainOnenet(question, {}));
}

Json ExplainHuawei(const Question& question, Bytes) {
  Json out = {{"protocol", "huawei-iotda"}, {"valid", true}};
  platforms::PushReader reader;
  PlatformMessage message;
  if (CheckError(reader.ReadHuawei(question.content, message), out)) {
    AddMessage(question, message, out);
  }
  return out;
}

bool FitsHuawei(const Question& question, Bytes) {
  const Json root = Json::parse(question.content);
  if (!root.is_object()) return false;
  const bool iotda = HasText(root, "resource") && HasText(root, "event");
  const bool legacy =
      HasText(root, "deviceId") &&
      (HasText(root, "notifyType") || (HasText(root, "commandId") && root.contains("result")));
  return (iotda || legacy) && IsValid(ExplainHuawei(question, {}));
}

}  // namespace karez::protocols
