#include "libs/protocols/base64.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/gwmp/packet.h"
#include "libs/protocols/gwmp/radio.h"

namespace karez::protocols {
namespace {

using gwmp::Packet;
using gwmp::Type;

Json RateJson(gwmp::Modulation modulation, const gwmp::DataRate& rate) {
  if (modulation == gwmp::Modulation::kFsk) return rate.bits_per_second;
  return gwmp::LoraRateText(rate).view();
}

Json CrcJson(gwmp::Crc crc) {  // as the protocol writes it
  switch (crc) {
    case gwmp::Crc::kOk:
      return 1;
    case gwmp::Crc::kBad:
      return -1;
    case gwmp::Crc::kNone:
      return 0;
    case gwmp::Crc::kUnknown:
      return nullptr;
  }
  return nullptr;
}

double MegahertzJson(uint32_t hertz) { return hertz / 1e6; }

// The LoRaWAN frame in it, when it is one.
void AddFrame(const Question& question, const gwmp::Frame& frame, Json& out) {
  const Bytes bytes(frame.begin(), frame.size());
  out["size"] = bytes.size();
  std::string base64(Base64EncodedSize(bytes.size()), '\0');
  base64.resize(EncodeBase64(bytes, base64).size);
  out["data"] = std::move(base64);
  out["data_hex"] = CompactHex(bytes);
  if (!bytes.empty() && FitsLorawan(question, bytes))
    out["lorawan"] = ExplainLorawan(question, bytes);
}

Json UplinkJson(const Question& question, const gwmp::Uplink& uplink) {
  Json out = {{"tmst", uplink.timestamp_us},
              {"freq", MegahertzJson(uplink.frequency_hz)},
              {"chan", uplink.channel},
              {"rfch", uplink.chain},
              {"stat", CrcJson(uplink.crc)},
              {"accepted", uplink.usable()},
              {"modu", uplink.modulation == gwmp::Modulation::kLora ? "LORA" : "FSK"},
              {"datr", RateJson(uplink.modulation, uplink.data_rate)},
              {"codr", uplink.code_rate.view()},
              {"rssi", uplink.rssi_dbm},
              {"lsnr", uplink.snr_db}};
  if (!uplink.time.empty()) out["time"] = uplink.time.view();
  if (uplink.gps_ms) out["tmms"] = *uplink.gps_ms;
  AddFrame(question, uplink.data, out);
  return out;
}

template <class T>
Json Optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json StatusJson(const gwmp::Status& status) {
  return {{"time", status.time.view()},
          {"lati", Optional(status.latitude)},
          {"long", Optional(status.longitude)},
          {"alti", Optional(status.altitude_m)},
          {"rxnb", status.received},
          {"rxok", status.received_ok},
          {"rxfw", status.forwarded},
          {"ackr", status.acknowledged_percent},
          {"dwnb", status.downlinks},
          {"txnb", status.sent}};
}

json::FieldError ExplainPushData(const Question& question, json::Parser& parser,
                                 std::string_view text, Json& out) {
  gwmp::PushData push;
  const json::FieldError error = gwmp::ReadPushData(parser, text, push);
  if (!error.ok()) return error;
  Json list = Json::array();
  size_t accepted = 0;
  for (const gwmp::Uplink& uplink : push.uplinks) {
    if (uplink.usable()) ++accepted;
  }
  for (const gwmp::Uplink& uplink : push.uplinks) list.push_back(UplinkJson(question, uplink));
  if (!list.empty()) {
    out["frames_accepted"] = accepted;
    out["rxpk"] = std::move(list);
  }
  if (push.status) out["stat"] = StatusJson(*push.status);
  return {};
}

json::FieldError ExplainPullResp(const Question& question, json::Parser& parser,
                                 std::string_view text, Json& out) {
  gwmp::Downlink downlink;
  const json::FieldError error = gwmp::ReadDownlink(parser, text, downlink);
  if (!error.ok()) return error;
  Json one = {{"imme", downlink.immediate},
              {"tmst", Optional(downlink.timestamp_us)},
              {"tmms", Optional(downlink.gps_ms)},
              {"freq", MegahertzJson(downlink.frequency_hz)},
              {"rfch", downlink.chain},
              {"powe", Optional(downlink.power_dbm)},
              {"modu", downlink.modulation == gwmp::Modulation::kLora ? "LORA" : "FSK"},
              {"datr", RateJson(downlink.modulation, downlink.data_rate)},
              {"codr", downlink.code_rate.view()},
              {"fdev", Optional(downlink.deviation_hz)},
              {"ipol", downlink.inverted},
              {"prea", Optional(downlink.preamble)},
              {"ncrc", downlink.no_crc}};
  AddFrame(question, downlink.data, one);
  out["txpk"] = std::move(one);
  return {};
}

json::FieldError ExplainJson(const Question& question, const Packet& packet, Json& out) {
  json::Parser parser;
  switch (packet.type) {
    case Type::kPushData:
      return ExplainPushData(question, parser, packet.json, out);
    case Type::kPullResp:
      return ExplainPullResp(question, parser, packet.json, out);
    case Type::kTxAck: {
      gwmp::TxError result;
      const json::FieldError error = gwmp::ReadTxAck(parser, packet.json, result);
      if (error.ok()) out["error"] = gwmp::Name(result);
      return error;
    }
    case Type::kPushAck:
    case Type::kPullData:
    case Type::kPullAck:
      return {};
  }
  return {};
}

}  // namespace

Json ExplainGwmp(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "gwmp"}, {"valid", true}};
  Packet packet;
  if (const Error error = gwmp::ParsePacket(bytes, packet); !error.ok()) {
    out.update(FaultJson(error, 0, 2));
    return out;
  }
  out["version"] = packet.version;
  out["token"] = std::to_integer<int>(packet.token[0]) | std::to_integer<int>(packet.token[1]) << 8;
  out["type"] = gwmp::Name(packet.type);
  Json fields = Json::array({PlaceJson("version", bytes, 0, 1), PlaceJson("token", bytes, 1, 2),
                             PlaceJson("type", bytes, 3, 1)});
  size_t at = gwmp::kHeaderSize;
  if (gwmp::HasGateway(packet.type)) {
    out["gateway"] = CompactHex(packet.gateway);
    fields.push_back(PlaceJson("gateway", bytes, at, gwmp::kGatewaySize));
    at += gwmp::kGatewaySize;
  }
  if (gwmp::HasJson(packet.type)) {
    out["json"] = packet.json;
    if (!packet.json.empty()) fields.push_back(PlaceJson("json", bytes, at, packet.json.size()));
    const json::FieldError error = ExplainJson(question, packet, out);
    if (packet.json == "{}" && !error.ok()) {
      out["unsupported"] = Lower(Name(error.fault));
    } else if (!error.ok()) {
      out.update(FieldFaultJson(error));
    }
  }
  out["fields"] = fields;
  return out;
}

}  // namespace karez::protocols
