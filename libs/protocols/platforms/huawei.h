// Calls to Huawei Cloud IoTDA, and to the older OceanConnect: commands to devices. The caller has
// the token (X-Auth-Token, Bearer) from the platform's own sign-in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "libs/protocols/platforms/api_request.h"

namespace karez::protocols::platforms {

// 15 digits; a check digit is not required. NB-IoT devices are registered with it as node id.
bool IsImei(std::string_view text);

namespace huawei {

enum class Delivery : uint8_t {
  kNow,    // MQTT devices: synchronous, 20 s. NB-IoT: fails when the device sleeps
  kDelay,  // NB-IoT: kept until the next contact, strictly one after another
};

struct Command {
  std::string_view project_id;
  std::string_view device_id;
  std::string_view service_id;
  std::string_view name;
  std::span<const Parameter> paras;
  Delivery delivery = Delivery::kDelay;
  int64_t expire_s = 0;  // 0: the platform keeps it 24 h
};

// POST /v5/iot/{project}/devices/{device}/async-commands (NB-IoT).
[[nodiscard]] Error WriteAsyncCommand(std::string_view token, const Command& command,
                                      TextRoom& room, ApiRequest& out);
// POST …/commands (MQTT; the answer comes in at most 20 s). `delivery` and `expire_s` do not count.
[[nodiscard]] Error WriteCommand(std::string_view token, const Command& command, TextRoom& room,
                                 ApiRequest& out);

enum class CommandState : uint8_t {
  kUnknown,
  kPending,
  kExpired,
  kSent,
  kDelivered,
  kSuccessful,
  kFailed,
  kTimeout,
  kCancelled
};
CommandState CommandStateOf(std::string_view status);  // "PENDING", "DELIVERED", …

}  // namespace huawei

namespace oceanconnect {

// POST /iocm/app/cmd/v1.4.0/deviceCommands; `paras` are the service's command's. An empty callback
// is not sent.
[[nodiscard]] Error WriteCommand(std::string_view app_id, std::string_view token,
                                 const huawei::Command& command, std::string_view callback_url,
                                 TextRoom& room, ApiRequest& out);

}  // namespace oceanconnect
}  // namespace karez::protocols::platforms
