#include "libs/protocols/chirpstack/event.h"

#include <algorithm>
#include <array>
#include <utility>

#include "libs/protocols/base64.h"

namespace karez::protocols::chirpstack {
namespace {

using json::Value;

constexpr std::string_view kNames[] = {"",      "up",  "status",   "join",       "ack",
                                       "txack", "log", "location", "integration"};
constexpr uint8_t kMaxPort = 223;

// Reads optional members; the first fault stays.
class Reader {
 public:
  void Text(Value value, std::string_view path, std::string_view& out) {
    if (value.none()) return;
    const auto text = value.String();
    if (!text) return Fail(path);
    out = *text;
  }
  void Flag(Value value, std::string_view path, bool& out) {
    if (value.none()) return;
    const auto flag = value.Bool();
    if (!flag) return Fail(path);
    out = *flag;
  }
  template <class T>
  void Number(Value value, std::string_view path, T& out) {
    if (value.none()) return;
    const auto number = value.Integer();
    if (!number || !std::in_range<T>(*number)) return Fail(path);
    out = static_cast<T>(*number);
  }
  void Double(Value value, std::string_view path, double& out) {
    if (value.none()) return;
    const auto number = value.Double();
    if (!number) return Fail(path);
    out = *number;
  }
  void Data(Value value, std::string_view path, Payload& out) {
    std::string_view text;
    Text(value, path, text);
    std::array<std::byte, kMaxPayload> bytes;
    const Base64Result decoded = DecodeBase64(text, bytes);
    if (!decoded.error.ok()) return Fail(path);
    for (const std::byte b : Bytes(bytes).first(decoded.size)) out.push_back(b);
  }
  void Fail(std::string_view path) {
    if (error_.ok()) error_ = {Fault::kField, path};
  }
  const FieldError& error() const { return error_; }

 private:
  FieldError error_;
};

bool IsEui(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

EventType TypeByMembers(Value event) {
  const auto has = [&](std::string_view key) { return !event[key].none(); };
  if (has("downlinkId")) return EventType::kTxAck;
  if (has("queueItemId") || has("acknowledged")) return EventType::kAck;
  if (has("rxInfo") || has("txInfo") || has("fPort") || has("data")) return EventType::kUp;
  if (has("margin") || has("batteryLevel") || has("batteryLevelUnavailable") ||
      has("externalPowerSource")) {
    return EventType::kStatus;
  }
  if (has("description") || has("level") || has("code")) return EventType::kLog;
  if (has("location")) return EventType::kLocation;
  if (has("integrationName") || has("eventType")) return EventType::kIntegration;
  if (has("devAddr")) return EventType::kJoin;
  return EventType::kUnknown;
}

void ReadReceptions(Value list, Reader& reader, Up& out) {
  if (list.none()) return;
  if (list.type() != json::Type::kArray) return reader.Fail("rxInfo");
  for (auto at = list.begin(); at != list.end(); ++at) {
    const Value one = *at;
    Reception reception;
    reader.Text(one["gatewayId"], "rxInfo.gatewayId", reception.gateway_id);
    reader.Number(one["rssi"], "rxInfo.rssi", reception.rssi_dbm);
    reader.Double(one["snr"], "rxInfo.snr", reception.snr_db);
    ++out.receptions;
    if (!out.best || reception.rssi_dbm > out.best->rssi_dbm) out.best = reception;
  }
}

void ReadUp(Value event, Reader& reader, Up& out) {
  reader.Flag(event["adr"], "adr", out.adr);
  reader.Number(event["dr"], "dr", out.data_rate);
  reader.Number(event["fCnt"], "fCnt", out.counter);
  reader.Number(event["fPort"], "fPort", out.port);
  reader.Flag(event["confirmed"], "confirmed", out.confirmed);
  reader.Data(event["data"], "data", out.data);
  ReadReceptions(event["rxInfo"], reader, out);
  const Value radio = event["txInfo"];
  reader.Number(radio["frequency"], "txInfo.frequency", out.frequency_hz);
  reader.Number(radio["modulation"]["lora"]["spreadingFactor"],
                "txInfo.modulation.lora.spreadingFactor", out.spreading_factor);
}

void ReadStatus(Value event, Reader& reader, DeviceStatus& out) {
  reader.Number(event["margin"], "margin", out.margin_db);
  reader.Flag(event["externalPowerSource"], "externalPowerSource", out.external_power);
  reader.Flag(event["batteryLevelUnavailable"], "batteryLevelUnavailable", out.battery_unknown);
  if (out.external_power || out.battery_unknown) return;
  reader.Double(event["batteryLevel"], "batteryLevel", out.battery_percent.emplace(0));
}

void ReadContent(Value event, Reader& reader, Event& out) {
  switch (out.type) {
    case EventType::kUp:
      ReadUp(event, reader, out.up);
      return;
    case EventType::kStatus:
      ReadStatus(event, reader, out.status);
      return;
    case EventType::kAck:
      reader.Text(event["queueItemId"], "queueItemId", out.ack.queue_item_id);
      reader.Flag(event["acknowledged"], "acknowledged", out.ack.acknowledged);
      reader.Number(event["fCntDown"], "fCntDown", out.ack.counter_down);
      return;
    case EventType::kTxAck:
      reader.Number(event["downlinkId"], "downlinkId", out.sent.downlink_id);
      reader.Text(event["queueItemId"], "queueItemId", out.sent.queue_item_id);
      reader.Number(event["fCntDown"], "fCntDown", out.sent.counter_down);
      reader.Text(event["gatewayId"], "gatewayId", out.sent.gateway_id);
      reader.Number(event["txInfo"]["frequency"], "txInfo.frequency", out.sent.frequency_hz);
      return;
    case EventType::kLog:
      out.log = {.level = "INFO", .code = "UNKNOWN", .description = {}};
      reader.Text(event["level"], "level", out.log.level);
      reader.Text(event["code"], "code", out.log.code);
      reader.Text(event["description"], "description", out.log.description);
      return;
    case EventType::kLocation:
      reader.Double(event["location"]["latitude"], "location.latitude", out.location.latitude);
      reader.Double(event["location"]["longitude"], "location.longitude", out.location.longitude);
      reader.Double(event["location"]["altitude"], "location.altitude", out.location.altitude_m);
      return;
    case EventType::kIntegration:
      reader.Text(event["integrationName"], "integrationName", out.integration.name);
      reader.Text(event["eventType"], "eventType", out.integration.event_type);
      return;
    case EventType::kJoin:
    case EventType::kUnknown:
      return;
  }
}

}  // namespace

std::string_view Name(EventType type) { return kNames[static_cast<size_t>(type)]; }

EventType EventTypeOf(std::string_view name) {
  const auto found = std::find(std::begin(kNames), std::end(kNames), name);
  return found == std::end(kNames) ? EventType::kUnknown
                                   : static_cast<EventType>(found - std::begin(kNames));
}

FieldError ReadEvent(json::Parser& parser, std::string_view text, EventType type, Event& out) {
  const auto document = parser.Parse(text);
  if (!document || document->type() != json::Type::kObject) return {Fault::kText};
  const Value event = *document;
  out = {};
  out.type = type == EventType::kUnknown ? TypeByMembers(event) : type;
  Reader reader;
  const Value device = event["deviceInfo"];
  reader.Text(device["devEui"], "deviceInfo.devEui", out.dev_eui);
  if (!IsEui(out.dev_eui)) reader.Fail("deviceInfo.devEui");
  if (out.type == EventType::kUnknown) reader.Fail("");
  reader.Text(device["deviceName"], "deviceInfo.deviceName", out.device_name);
  reader.Text(device["applicationId"], "deviceInfo.applicationId", out.application_id);
  reader.Text(device["tenantId"], "deviceInfo.tenantId", out.tenant_id);
  reader.Text(event["deduplicationId"], "deduplicationId", out.deduplication_id);
  reader.Text(event["time"], "time", out.time);
  reader.Text(event["devAddr"], "devAddr", out.dev_addr);
  ReadContent(event, reader, out);
  return reader.error();
}

FieldError ReadEnqueue(json::Parser& parser, std::string_view text, Enqueue& out) {
  const auto document = parser.Parse(text);
  if (!document || document->type() != json::Type::kObject) return {Fault::kText};
  const Value command = *document;
  out = {};
  Reader reader;
  reader.Text(command["id"], "id", out.id);
  reader.Text(command["devEui"], "devEui", out.dev_eui);
  if (!IsEui(out.dev_eui)) reader.Fail("devEui");
  reader.Flag(command["confirmed"], "confirmed", out.confirmed);
  reader.Number(command["fPort"], "fPort", out.port);
  if (out.port == 0 || out.port > kMaxPort) reader.Fail("fPort");
  reader.Data(command["data"], "data", out.data);
  return reader.error();
}

FieldError WriteEnqueue(const Enqueue& enqueue, json::Writer& writer) {
  if (!IsEui(enqueue.dev_eui)) return {Fault::kField, "devEui"};
  if (enqueue.port == 0 || enqueue.port > kMaxPort) return {Fault::kField, "fPort"};
  writer.BeginObject();
  if (!enqueue.id.empty()) writer.Key("id").String(enqueue.id);
  writer.Key("devEui").String(enqueue.dev_eui).Key("confirmed").Bool(enqueue.confirmed);
  writer.Key("fPort").Integer(enqueue.port);
  writer.Key("data").Base64(Bytes(enqueue.data.begin(), enqueue.data.size())).EndObject();
  return {};
}

void Observe(const Event& event, Observation& out) {
  out = {};
  out.device_id = FixedText<40>(event.dev_eui);
  out.kind = event.type == EventType::kUp ? Kind::kReading : Kind::kParameter;
  if (event.type == EventType::kAck) {
    out.kind = event.ack.acknowledged ? Kind::kAcknowledged : Kind::kRefused;
  }
  out.sequence = event.up.counter;
  if (event.up.best) out.signal_dbm = event.up.best->rssi_dbm;
  constexpr double kLowPercent = 10;
  if (event.status.battery_percent) {
    const bool low = *event.status.battery_percent < kLowPercent;
    out.battery = low ? BatteryState::kLow : BatteryState::kOk;
    if (low) out.alarms.Add(Alarm::kBatteryLow);
  }
}

}  // namespace karez::protocols::chirpstack
