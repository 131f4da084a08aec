// What carrier platforms tell us of a device (CTWing/AEP, OneNET, Huawei IoTDA and OceanConnect),
// in one form, and how their JSON pushes are read into it.
//
// Platforms repeat messages (OneNET up to 16 times over 2 h 45 min) and only some number them:
// `dedup` is made of everything that tells two messages apart and stays the same on repetition.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/json/document.h"
#include "libs/protocols/observation.h"

namespace karez::protocols::platforms {

enum class Platform : uint8_t { kCtwing, kOnenet, kHuawei, kOceanConnect };
std::string_view Name(Platform platform);  // "ctwing", "onenet", "huawei-iotda", "oceanconnect"

enum class Kind : uint8_t {
  kData,      // uplink: payload bytes, or properties of a product with a profile
  kProperty,  // uplink: typed properties
  kEvent,     // the device tells of something that happened
  kOnline,
  kOffline,
  kStatus,           // another state of the device, in `result`
  kCommandResponse,  // what became of a command: `task_id`, `result`
  kDevice,           // created, updated or deleted on the platform, in `result`
};
std::string_view Name(Kind kind);  // "data", "property", …

struct Property {
  enum class Type : uint8_t { kNumber, kText, kBool, kOther /* null, a list, an object */ };

  std::string_view service;
  std::string_view name;
  Type type = Type::kOther;
  int64_t raw = 0;  // kNumber: raw × 10^exponent, exactly as written; kBool: 0 or 1
  int8_t exponent = 0;
  std::string_view text;      // kText
  int64_t time_ms = kAbsent;  // of this value, where the platform tells it
};

// 128 bits of a fixed, fast hash: the same on every machine and for every version of this library.
using DedupKey = std::array<std::byte, 16>;

// Views are valid until the reader that filled the message reads again. Empty: not told. Times are
// milliseconds since 1970 UTC, kAbsent when not told.
struct PlatformMessage {
  static constexpr size_t kMaxProperties = 64;

  Platform platform = Platform::kCtwing;
  Kind kind = Kind::kData;
  std::string_view account;  // the platform's own tenant or application: never trusted as ours
  std::string_view product_id;
  std::string_view device_id;  // of the platform
  std::string_view node_id;    // of the vendor or network; for NB-IoT mostly the IMEI
  std::string_view imei;
  std::string_view imsi;   // empty also for the text "undefined" that CTWing sends
  std::string_view iccid;  // likewise
  std::string_view message_id;
  std::string_view service_id;
  int64_t time_ms = kAbsent;
  Bytes payload;
  FixedVector<Property, kMaxProperties> properties;
  bool more_properties = false;  // beyond kMaxProperties
  bool more_messages = false;    // in the same push, see ReadOnenet
  std::string_view task_id;      // of a command; digits when the platform sends a number
  std::string_view result;       // "DELIVERED", "ONLINE", …
  std::string_view detail;
  std::optional<int64_t> event_type;
  DedupKey dedup{};
};

DedupKey DedupKeyOf(const PlatformMessage& message);

// Reads pushes. Keeps its buffers, so that only a text longer than all before allocates; one per
// thread. Each call fills `out` anew. Errors: kLayout no JSON object, or none of this platform's;
// kIdentifier a type of message that nobody documented (`field` names its member); kValue a member
// of the wrong type or base64 that is none.
class PushReader {
 public:
  PushReader();

  // CTWing/AEP: dataReport, eventReport, deviceOnlineOfflineReport, commandResponse.
  [[nodiscard]] json::FieldError ReadCtwing(std::string_view body, PlatformMessage& out);

  // OneNET: the text of `msg`, opened by platforms/onenet.h. `id` and `time_ms` stand in the
  // envelope (new platform only). The old platform packs several messages into a list: read again
  // with the next `index` while `more_messages`.
  [[nodiscard]] json::FieldError ReadOnenet(std::string_view msg, std::string_view id,
                                            int64_t time_ms, PlatformMessage& out,
                                            size_t index = 0);

  // Huawei IoTDA (resource, event, notify_data) or OceanConnect (notifyType, or the answer to a
  // command). A message with several services: the time is the first service's.
  [[nodiscard]] json::FieldError ReadHuawei(std::string_view body, PlatformMessage& out);

 private:
  json::FieldError ReadCtwingReport(const json::Value& service, const json::Value& payload,
                                    PlatformMessage& out);
  json::FieldError ReadIotda(const json::Value& root, PlatformMessage& out);
  json::FieldError ReadIotdaBody(const json::Value& body, std::string_view resource,
                                 PlatformMessage& out);
  json::FieldError ReadOceanConnect(const json::Value& root, PlatformMessage& out);
  json::FieldError ReadOnenetStudio(const json::Value& root, PlatformMessage& out);
  json::FieldError ReadOnenetOld(const json::Value& root, PlatformMessage& out);
  bool DecodePayload(std::string_view base64, PlatformMessage& out);
  std::string_view TextOf(const json::Value& value, std::array<char, 24>& room);

  json::Parser parser_;
  std::vector<std::byte> payload_;
  std::array<char, 24> task_room_{};
  std::array<char, 24> device_room_{};
  std::array<char, 24> result_room_{};
};

}  // namespace karez::protocols::platforms
