// What ChirpStack v4 tells an application: its integration events, as JSON over MQTT or HTTP
// (chirpstack/api integration.proto in protobuf's JSON mapping), and the command that enqueues a
// downlink. Members with their type's zero value may be absent.
//
// Reading allocates nothing but what the given json::Parser keeps. The texts of an Event view the
// parser's memory: valid until it parses again. Not thread-safe by itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "libs/protocols/fixed.h"
#include "libs/protocols/json/document.h"
#include "libs/protocols/json/writer.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::chirpstack {

using json::FieldError;

inline constexpr size_t kMaxPayload = 255;
using Payload = FixedVector<std::byte, kMaxPayload>;

enum class EventType : uint8_t {
  kUnknown,
  kUp,
  kStatus,
  kJoin,
  kAck,
  kTxAck,
  kLog,
  kLocation,
  kIntegration,
};
std::string_view Name(EventType type);         // as in the topic: "up", "txack", …
EventType EventTypeOf(std::string_view name);  // kUnknown for another one

// One gateway's reception of an uplink.
struct Reception {
  std::string_view gateway_id;
  int16_t rssi_dbm = 0;
  double snr_db = 0;
};

struct Up {
  bool adr = false;
  uint8_t data_rate = 0;
  uint32_t counter = 0;  // fCnt, all 32 bits
  uint8_t port = 0;
  bool confirmed = false;
  Payload data;  // in the clear, unless the application's key is kept from ChirpStack
  std::optional<Reception> best;  // with the highest rssi
  size_t receptions = 0;          // gateways that heard it
  uint32_t frequency_hz = 0;
  uint8_t spreading_factor = 0;  // 0: not LoRa
};

struct DeviceStatus {
  int16_t margin_db = 0;
  bool external_power = false;
  bool battery_unknown = false;
  std::optional<double> battery_percent;
};

struct Acknowledgement {
  std::string_view queue_item_id;
  // False: the device did not confirm. It may have received the frame all the same.
  bool acknowledged = false;
  uint32_t counter_down = 0;
};

// A gateway has sent a downlink.
struct Sent {
  uint32_t downlink_id = 0;
  std::string_view queue_item_id;
  uint32_t counter_down = 0;
  std::string_view gateway_id;
  uint32_t frequency_hz = 0;
};

struct Log {
  std::string_view level;  // "INFO" when absent
  std::string_view code;   // "UNKNOWN" when absent; "F_CNT_DOWN", "UPLINK_MIC", …
  std::string_view description;
};

// Where the device is, as worked out by the network; degrees, metres.
struct Location {
  double latitude = 0;
  double longitude = 0;
  double altitude_m = 0;
};

// What a third party told of the device; its content is that party's own.
struct Integration {
  std::string_view name;
  std::string_view event_type;
};

struct Event {
  EventType type = EventType::kUnknown;
  // The same event may come twice with one id. Absent (empty) on txack and log.
  std::string_view deduplication_id;
  std::string_view time;      // of the server, RFC 3339
  std::string_view dev_eui;   // 16 hex digits, lower case
  std::string_view dev_addr;  // up and join
  std::string_view device_name;
  std::string_view application_id;
  // ChirpStack's own tenant: to be mapped by configuration, never to be trusted as ours.
  std::string_view tenant_id;
  Up up;
  DeviceStatus status;
  Acknowledgement ack;
  Sent sent;
  Log log;
  Location location;
  Integration integration;
};

// `type` from the topic's last part or the query ?event=; kUnknown: told from the members, which is
// ambiguous for a status without values and so refused (kField with an empty `field`).
// kText: no JSON object. kField: `field` is missing, of another type or out of range.
[[nodiscard]] FieldError ReadEvent(json::Parser& parser, std::string_view text, EventType type,
                                   Event& out);

// Payload of application/{id}/device/{devEui}/command/down, and the queue item of its gRPC twin.
struct Enqueue {
  std::string_view id;  // UUID of the caller's, appears again in txack and ack; empty: made there
  std::string_view dev_eui;
  bool confirmed = false;
  uint8_t port = 0;  // 1…223 (224…255 are not for applications)
  Payload data;
};
[[nodiscard]] FieldError ReadEnqueue(json::Parser& parser, std::string_view text, Enqueue& out);
// kField when dev_eui is not 16 hex digits or the port is none of an application's; look at
// writer.ok(), too.
[[nodiscard]] FieldError WriteEnqueue(const Enqueue& enqueue, json::Writer& writer);

// Signal, battery and identity in the terms of the inner model. The payload is another codec's.
void Observe(const Event& event, Observation& out);

}  // namespace karez::protocols::chirpstack
