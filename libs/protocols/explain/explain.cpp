#include "libs/protocols/explain/explain.h"

#include <algorithm>

#include "libs/protocols/explain/explainers.h"

namespace karez::protocols {
namespace {

constexpr Explainer kExplainers[] = {
    {.protocol = "cjt188", .title = "CJ/T 188", .has_marks = true, .explain = ExplainCjt188},
    {.protocol = "dlt645",
     .title = "DL/T 645-1997 and -2007",
     .has_marks = true,
     .explain = ExplainDlt645},
    {.protocol = "modbus-rtu",
     .title = "Modbus RTU",
     .hint = "also over TCP; start: first register of an answer, four hex digits",
     .needs_direction = true,
     .keys = "start",
     .explain = ExplainModbusRtu,
     .fits = FitsModbusRtu},
    {.protocol = "modbus-tcp",
     .title = "Modbus TCP",
     .needs_direction = true,
     .keys = "start",
     .explain = ExplainModbusTcp,
     .fits = FitsModbusTcp},
    {.protocol = "coap", .title = "CoAP", .explain = ExplainCoap, .fits = FitsCoap},
    {.protocol = "lwm2m-tlv",
     .title = "LwM2M TLV",
     .hint = "path: what was asked for, /3/0",
     .keys = "path",
     .explain = ExplainLwm2mTlv,
     .fits = FitsLwm2mTlv},
    {.protocol = "senml-cbor",
     .title = "LwM2M 1.1 SenML-CBOR",
     .explain = ExplainSenmlCbor,
     .fits = FitsSenmlCbor},
    {.protocol = "senml-json",
     .title = "LwM2M 1.1 SenML-JSON",
     .is_text = true,
     .explain = ExplainSenmlJson,
     .fits = FitsSenmlJson},
    {.protocol = "lwm2m-json",
     .title = "LwM2M 1.0 JSON",
     .is_text = true,
     .keys = "path",
     .explain = ExplainLwm2mJson,
     .fits = FitsLwm2mJson},
    {.protocol = "ctwing",
     .title = "China Telecom CTWing (AEP)",
     .hint = "a push, or an API call to sign",
     .is_text = true,
     .keys = "secret",
     .explain = ExplainCtwing,
     .fits = FitsCtwing},
    {.protocol = "onenet",
     .title = "China Mobile OneNET",
     .hint = "a push or verification, or a token to make",
     .is_text = true,
     .keys = "token, aes_key, access_key",
     .explain = ExplainOnenet,
     .fits = FitsOnenet},
    {.protocol = "huawei-iotda",
     .title = "Huawei IoTDA and OceanConnect",
     .is_text = true,
     .explain = ExplainHuawei,
     .fits = FitsHuawei},
    {.protocol = "envelope", .title = "Karez terminal envelope", .explain = ExplainEnvelope},
    {.protocol = "lorawan",
     .title = "LoRaWAN 1.0.x",
     .keys = "nwk_s_key, app_s_key, app_key, dev_nonce",
     .explain = ExplainLorawan,
     .fits = FitsLorawan},
    {.protocol = "lorawan-keys",
     .title = "LoRaWAN session keys of a join",
     .is_text = true,
     .keys = "app_key, app_nonce, net_id, dev_nonce",
     .explain = ExplainLorawanKeys},
    {.protocol = "gwmp", .title = "Semtech UDP packet forwarder (GWMP)", .explain = ExplainGwmp},
    {.protocol = "chirpstack",
     .title = "ChirpStack v4",
     .hint = "an event or a downlink command",
     .is_text = true,
     .keys = "event",
     .explain = ExplainChirpstack},
    {.protocol = "payload",
     .title = "Vendor payload by a profile's layouts",
     .keys = "f_port",
     .explain = ExplainPayload,
     .fits = FitsPayload},
    {.protocol = "mbus",
     .title = "M-Bus",
     .has_marks = true,
     .keys = "key",
     .explain = ExplainMbus},
    {.protocol = "wmbus",
     .title = "Wireless M-Bus",
     .keys = "key",
     .explain = ExplainWmbus,
     .fits = FitsWmbus},
    {.protocol = "sl651",
     .title = "SL 651-2014, HEX mode",
     .has_marks = true,
     .explain = ExplainSl651},
    {.protocol = "szy206", .title = "SZY 206-2016", .has_marks = true, .explain = ExplainSzy206},
};

// No platform nests deeper; what does is meant to exhaust somebody's stack.
constexpr int kMaxDepth = 32;

bool IsJson(const std::string& text) {
  int depth = 0;
  bool shallow = true;
  const auto watch = [&](int, Json::parse_event_t event, Json&) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      shallow = shallow && ++depth <= kMaxDepth;
    } else if (event == Event::object_end || event == Event::array_end) {
      --depth;
    }
    return shallow;  // false: nothing of it is kept
  };
  return !Json::parse(text, watch, false).is_discarded() && shallow;
}

// Bytes or text that the explainer can take; otherwise why not.
bool Prepare(const Explainer& explainer, const Question& question, std::vector<std::byte>& bytes,
             std::string& reason) {
  if (explainer.is_text) {
    if (IsJson(question.content)) return true;
    reason = "json";
    return false;
  }
  if (ParseHex(question.content, bytes) && !bytes.empty()) return true;
  reason = "hex";
  return false;
}

Explanation ExplainAs(const Explainer& explainer, const Question& question) {
  std::vector<std::byte> bytes;
  std::string reason;
  Json json;
  bool valid = false;
  if (Prepare(explainer, question, bytes, reason)) {
    try {
      json = explainer.explain(question, bytes);
      valid = json.at("valid").get<bool>();
    } catch (const Json::exception&) {  // a member of a type that the protocol does not have there
      reason = "json";
    }
  }
  if (!reason.empty()) {
    json = {{"protocol", explainer.protocol}, {"valid", false}, {"reason", reason}};
  }
  return {valid, std::move(json)};
}

bool Fits(const Explainer& explainer, const Question& question) {
  std::vector<std::byte> bytes;
  std::string reason;
  if (!Prepare(explainer, question, bytes, reason)) return false;
  if (explainer.fits == nullptr) return ExplainAs(explainer, question).valid;
  try {
    return explainer.fits(question, bytes);
  } catch (const Json::exception&) {
    return false;
  }
}

// What each protocol finds wrong: the asker knows which one is meant.
Explanation NothingFits(const Question& question) {
  Json out = {{"protocol", "auto"}, {"valid", false}};
  Json tried = Json::array();
  for (const Explainer& explainer : kExplainers) {
    Json json = ExplainAs(explainer, question).json;
    const std::string reason = json.value("reason", "");
    // Content, or a profile, that the protocol cannot even begin with.
    if (reason.empty() || reason == "hex" || reason == "json" || reason == "profile") continue;
    if (explainer.has_marks && reason == "checksum" && !out.contains("nearest")) {
      out["nearest"] = explainer.protocol;
      for (const auto& [name, value] : json.items()) {
        if (!out.contains(name) && name != "profile") out[name] = value;
      }
    }
    tried.push_back(std::move(json));
  }
  out["fits"] = Json::array();
  out["tried"] = std::move(tried);
  return {false, std::move(out)};
}

Explanation Detect(const Question& question) {
  const Explainer* only = nullptr;
  Json fits = Json::array();
  for (const Explainer& explainer : kExplainers) {
    if (!Fits(explainer, question)) continue;
    only = fits.empty() ? &explainer : nullptr;
    fits.push_back(explainer.protocol);
  }
  if (fits.empty()) return NothingFits(question);
  if (only == nullptr) {
    return {true, {{"protocol", "auto"}, {"valid", true}, {"fits", std::move(fits)}}};
  }
  Explanation explanation = ExplainAs(*only, question);
  explanation.json["fits"] = std::move(fits);
  return explanation;
}

}  // namespace

std::span<const Explainer> Explainers() { return kExplainers; }

const Explainer* FindExplainer(std::string_view protocol) {
  const auto found =
      std::find_if(std::begin(kExplainers), std::end(kExplainers),
                   [&](const Explainer& explainer) { return explainer.protocol == protocol; });
  return found == std::end(kExplainers) ? nullptr : &*found;
}

Explanation Explain(const Question& question) {
  if (question.protocol == "auto") return Detect(question);
  return ExplainAs(*FindExplainer(question.protocol), question);
}

Json ExplainMeterFrames(const MeterProfile& profile, Bytes bytes) {
  Question question;
  question.protocol = Name(profile.protocol);
  question.profile = &profile;
  return FindExplainer(question.protocol)->explain(question, bytes);
}

bool ParseHex(std::string_view text, std::vector<std::byte>& out) {
  out.clear();
  int high = -1;
  for (const char c : text) {
    int digit = -1;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (high < 0 && std::string_view(" \t\r\n:-,").find(c) != std::string_view::npos) {
      continue;
    } else {
      return false;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::byte>(high << 4 | digit));
      high = -1;
    }
  }
  return high < 0;
}

}  // namespace karez::protocols
