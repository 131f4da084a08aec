#include "libs/protocols/chirpstack/event.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"

namespace karez::protocols {
namespace {

using chirpstack::Event;
using chirpstack::EventType;

void ExplainUp(const Question& question, const Event& event, Json& out) {
  const chirpstack::Up& up = event.up;
  const Bytes data(up.data.begin(), up.data.size());
  out["f_port"] = up.port;
  out["f_cnt"] = up.counter;
  out["dr"] = up.data_rate;
  out["adr"] = up.adr;
  out["confirmed"] = up.confirmed;
  out["data_hex"] = CompactHex(data);
  out["rssi"] = up.best ? Json(up.best->rssi_dbm) : Json();
  out["snr"] = up.best ? Json(up.best->snr_db) : Json();
  if (up.best) out["gateway_id"] = up.best->gateway_id;
  out["gateways"] = up.receptions;
  out["frequency_hz"] = up.frequency_hz;
  if (up.spreading_factor != 0) out["spreading_factor"] = up.spreading_factor;
  ExplainPayloadInside(question, up.port, data, out);
}

void ExplainStatus(const chirpstack::DeviceStatus& status, Json& out) {
  out["margin"] = status.margin_db;
  out["external_power"] = status.external_power;
  out["battery"] = status.battery_percent ? Json(*status.battery_percent) : Json();
}

void ExplainContent(const Question& question, const Event& event, Json& out) {
  switch (event.type) {
    case EventType::kUp:
      return ExplainUp(question, event, out);
    case EventType::kStatus:
      return ExplainStatus(event.status, out);
    case EventType::kAck:
      out["queue_item_id"] = event.ack.queue_item_id;
      out["acknowledged"] = event.ack.acknowledged;
      out["f_cnt_down"] = event.ack.counter_down;
      return;
    case EventType::kTxAck:
      out["queue_item_id"] = event.sent.queue_item_id;
      out["downlink_id"] = event.sent.downlink_id;
      out["f_cnt_down"] = event.sent.counter_down;
      out["gateway_id"] = event.sent.gateway_id;
      out["frequency_hz"] = event.sent.frequency_hz;
      return;
    case EventType::kLog:
      out["level"] = event.log.level;
      out["code"] = event.log.code;
      out["description"] = event.log.description;
      return;
    case EventType::kLocation:
      out["latitude"] = event.location.latitude;
      out["longitude"] = event.location.longitude;
      out["altitude"] = event.location.altitude_m;
      return;
    case EventType::kIntegration:
      out["integration_name"] = event.integration.name;
      out["event_type"] = event.integration.event_type;
      return;
    case EventType::kJoin:
    case EventType::kUnknown:
      return;
  }
}

void AddText(std::string_view name, std::string_view text, Json& out) {
  if (!text.empty()) out[std::string(name)] = text;
}

void ExplainEnqueue(json::Parser& parser, const std::string& text, Json& out) {
  out["event"] = "down";
  chirpstack::Enqueue enqueue;
  const json::FieldError error = chirpstack::ReadEnqueue(parser, text, enqueue);
  if (!error.ok()) {
    out.update(FieldFaultJson(error));
    return;
  }
  AddText("id", enqueue.id, out);
  out["dev_eui"] = enqueue.dev_eui;
  out["f_port"] = enqueue.port;
  out["confirmed"] = enqueue.confirmed;
  out["data_hex"] = CompactHex(Bytes(enqueue.data.begin(), enqueue.data.size()));
}

void ExplainEvent(const Question& question, json::Parser& parser, Json& out) {
  const auto named = question.keys.find("event");
  const EventType type =
      named == question.keys.end() ? EventType::kUnknown : chirpstack::EventTypeOf(named->second);
  Event event;
  const json::FieldError error = chirpstack::ReadEvent(parser, question.content, type, event);
  if (!error.ok()) {
    out.update(FieldFaultJson(error));
    return;
  }
  out["event"] = chirpstack::Name(event.type);
  out["dev_eui"] = event.dev_eui;
  AddText("device_name", event.device_name, out);
  AddText("dev_addr", event.dev_addr, out);
  AddText("deduplication_id", event.deduplication_id, out);
  AddText("time", event.time, out);
  AddText("application_id", event.application_id, out);
  AddText("network_tenant_id", event.tenant_id, out);
  ExplainContent(question, event, out);
}

}  // namespace

Json ExplainChirpstack(const Question& question, Bytes) {
  Json out = {{"protocol", "chirpstack"}, {"valid", true}};
  const Json root = Json::parse(question.content, nullptr, false);
  json::Parser parser;
  // Events name their device in deviceInfo, the command by itself.
  if (root.is_object() && root.contains("devEui") && !root.contains("deviceInfo")) {
    ExplainEnqueue(parser, question.content, out);
  } else {
    ExplainEvent(question, parser, out);
  }
  // What a vendor's codec made of the payload, or is to make it of.
  if (root.is_object() && root.contains("object")) out["object"] = root["object"];
  return out;
}

}  // namespace karez::protocols
