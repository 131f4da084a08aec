// LwM2M registration over CoAP (1.0 and 1.1 section 5.3 / 6.2), server side: who registers, for how
// long, with which objects; and the answers. No allocation; views belong to the datagram.
//
//   POST /rd?ep=<endpoint>&lt=86400&lwm2m=1.0&b=UQ      payload: </3/0>,</19/0>,…
//   POST /rd/<location>          update        DELETE /rd/<location>
//
// Queue mode (b=UQ, or Q of 1.1): the device sleeps; send downlinks only right after an uplink.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "libs/protocols/coap/message.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/lwm2m/node.h"

namespace karez::protocols::lwm2m {

inline constexpr uint32_t kDefaultLifetime = 86'400;  // seconds, when lt is not told

struct ObjectLinkEntry {
  Path path;                 // /object or /object/instance
  std::string_view version;  // "1.1" of ver=; empty: the standard's
};

struct Registration {
  enum class Operation : uint8_t { kRegister, kUpdate, kDeregister, kBootstrap };

  Operation operation = Operation::kRegister;
  std::string_view endpoint;  // as sent, percent-encoding kept
  std::string_view imei;      // when the endpoint is IMEI, IMEI;IMSI or urn:imei:IMEI
  std::string_view imsi;
  std::string_view location;  // behind rd/, of updates and deregistrations
  std::string_view version;   // "1.0"
  std::optional<uint32_t> lifetime_s;
  std::string_view binding;
  bool queue_mode = false;
  std::string_view sms_number;
  std::string_view root = "/";  // where its objects are: rt="oma.lwm2m"
  FixedVector<ObjectLinkEntry, 48> objects;
  bool more_objects = false;
};

// Faults: kControl not a request to /rd or /bs (not a registration at all), kValue a registration
// without endpoint or with a bad lifetime (answer 4.00).
[[nodiscard]] Error ReadRegistration(const coap::Message& request, Registration& out);

// 2.01 with Location-Path rd/<location>.
[[nodiscard]] coap::Written WriteRegistered(const coap::Message& request, std::string_view location,
                                            std::span<std::byte> out);
// An answer of that code without content: 2.04, 2.02, 4.00, …
[[nodiscard]] coap::Written WriteAnswer(const coap::Message& request, coap::Code code,
                                        std::span<std::byte> out);

// Requests of a server to a device. `token` is repeated by the answer and by every notification.
struct DeviceRequest {
  uint16_t message_id = 0;
  Bytes token;
  Path path;
};
[[nodiscard]] coap::Written WriteRead(const DeviceRequest& request, uint16_t accept,
                                      std::span<std::byte> out);
[[nodiscard]] coap::Written WriteObserve(const DeviceRequest& request, uint16_t accept,
                                         std::span<std::byte> out);
[[nodiscard]] coap::Written WriteCancelObserve(const DeviceRequest& request, uint16_t accept,
                                               std::span<std::byte> out);
// Replaces the value (PUT); the payload is in `content_format`.
[[nodiscard]] coap::Written WriteWrite(const DeviceRequest& request, uint16_t content_format,
                                       Bytes payload, std::span<std::byte> out);
[[nodiscard]] coap::Written WriteExecute(const DeviceRequest& request, std::string_view arguments,
                                         std::span<std::byte> out);

}  // namespace karez::protocols::lwm2m
