// Calls to China Telecom CTWing (AEP): commands to devices, with the platform's signature.
//
//   signature = Base64(HMAC-SHA1(secret, "application:"+app+"\n" "timestamp:"+ms+"\n"
//               + each parameter "key:value\n", MasterKey among them, sorted + body + "\n"))
//
// Pushes are not signed: allow their source addresses and keep the path secret. A device's IMEI is
// registered once on the whole platform.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/platforms/api_request.h"

namespace karez::protocols::platforms::ctwing {

inline constexpr std::string_view kHost = "ag-api.ctwing.cn";

struct Account {
  std::string_view application;
  std::string_view secret;
  std::string_view master_key;  // of the product
};

// The text that is signed, and its signature, in `room`. `parameters` are those of the query
// without MasterKey, in any order; at most 16.
struct Signed {
  Error error;
  std::string_view text;
  std::string_view signature;
};
Signed Sign(const Account& account, int64_t timestamp_ms, std::span<const Header> parameters,
            std::string_view body, TextRoom& room);

enum class Level : uint8_t { kUnset, kLow = 1, kMiddle = 2, kHigh = 3 };

struct Command {
  std::string_view device_id;
  std::string_view group_id;  // instead of a device
  std::string_view operator_name;
  int64_t product_id = 0;
  int64_t ttl_s = 7200;
  Level level = Level::kUnset;
  Bytes payload;                      // transparent products, as hex (dataType 2)
  std::string_view service;           // products with a profile: serviceIdentifier …
  std::span<const Parameter> params;  // … and its values
};

// `timestamp_ms` is the platform's time: our clock plus the offset that GET /echo tells.
// kValue: neither device nor group, or payload and service together.
[[nodiscard]] Error WriteCreateCommand(const Account& account, int64_t timestamp_ms,
                                       const Command& command, TextRoom& room, ApiRequest& out);
[[nodiscard]] Error WriteCancelCommand(const Account& account, int64_t timestamp_ms,
                                       int64_t product_id, std::string_view device_id,
                                       int64_t command_id, TextRoom& room, ApiRequest& out);
[[nodiscard]] Error WriteQueryCommand(const Account& account, int64_t timestamp_ms,
                                      int64_t product_id, std::string_view device_id,
                                      int64_t command_id, TextRoom& room, ApiRequest& out);
// Commands of a device, page 1 upwards.
[[nodiscard]] Error WriteListCommands(const Account& account, int64_t timestamp_ms,
                                      int64_t product_id, std::string_view device_id, int64_t page,
                                      int64_t page_size, TextRoom& room, ApiRequest& out);

// State of a command as the platform numbers it.
enum class CommandState : uint8_t {
  kUnknown,
  kSaved,
  kSent,
  kDelivered,
  kDone,
  kCancelled,
  kFailed
};
CommandState CommandStateOf(int64_t status);  // 1, 2, 3, 4, 6, 999

}  // namespace karez::protocols::platforms::ctwing
