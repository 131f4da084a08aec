// Huawei Cloud IoTDA and OceanConnect pushes.
#include "libs/protocols/platforms/huawei.h"

#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {
namespace {

int64_t TimeOf(const json::Value& value) {
  const auto text = value.String();
  const auto time = text ? ReadTime(*text) : std::nullopt;
  return time.value_or(kAbsent);
}

// [{service_id, properties, event_time}], or one such object (OceanConnect: serviceId, data).
void AddService(const json::Value& service, PlatformMessage& out) {
  const bool legacy = !service["data"].missing();
  const std::string_view id = KnownText(service[legacy ? "serviceId" : "service_id"]);
  const int64_t time = TimeOf(service[legacy ? "eventTime" : "event_time"]);
  const json::Value data = service[legacy ? "data" : "properties"];
  if (out.service_id.empty()) {
    out.service_id = id;
    if (time != kAbsent) out.time_ms = time;
  }
  for (auto member = data.begin(); member != data.end(); ++member) {
    Property property = PropertyOf(id, member.key(), *member);
    property.time_ms = time;
    AddProperty(property, out);
  }
}

}  // namespace

json::FieldError PushReader::ReadHuawei(std::string_view body, PlatformMessage& out) {
  out = PlatformMessage{};
  const auto root = parser_.Parse(body);
  if (!root || root->type() != json::Type::kObject) return {Fault::kLayout};
  const json::FieldError error =
      (*root)["resource"].missing() ? ReadOceanConnect(*root, out) : ReadIotda(*root, out);
  if (error.ok()) out.dedup = DedupKeyOf(out);
  return error;
}

json::FieldError PushReader::ReadIotda(const json::Value& root, PlatformMessage& out) {
  const auto resource = root["resource"].String();
  const auto event = root["event"].String();
  if (!resource) return {Fault::kValue, "resource"};
  if (!event) return {Fault::kValue, "event"};
  out.platform = Platform::kHuawei;
  out.message_id = KnownText(root["request_id"]);
  // The one with milliseconds first; captures lack either or both.
  out.time_ms = TimeOf(root["event_time_ms"]);
  if (out.time_ms == kAbsent) out.time_ms = TimeOf(root["event_time"]);
  const json::Value data = root["notify_data"];
  // The document's example of a status has its body outside; before 2021 there was neither header
  // nor body.
  json::Value body = data["body"].none() ? root["body"] : data["body"];
  if (body.none()) body = data;
  const json::Value header = data["header"].none() ? body : data["header"];
  out.account = KnownText(header["app_id"]);
  out.product_id = KnownText(header["product_id"]);
  out.device_id = KnownText(header["device_id"]);
  if (out.device_id.empty()) out.device_id = KnownText(body["device_id"]);
  out.node_id = KnownText(header["node_id"]);
  if (IsImei(out.node_id)) out.imei = out.node_id;
  if (out.time_ms == kAbsent) out.time_ms = TimeOf(body["timestamp"]);
  if (*resource == "device" && (*event == "create" || *event == "update" || *event == "delete")) {
    out.kind = Kind::kDevice;
    out.result = *event;
    return {};
  }
  if (*event != "report" && *event != "update") return {Fault::kIdentifier, "event"};
  return ReadIotdaBody(body, *resource, out);
}

json::FieldError PushReader::ReadIotdaBody(const json::Value& body, std::string_view resource,
                                           PlatformMessage& out) {
  if (resource == "device.property") {
    out.kind = Kind::kProperty;
    const json::Value services = body["services"];
    if (services.type() != json::Type::kArray) {
      return {Fault::kValue, "notify_data.body.services"};
    }
    for (const json::Value& service : services) AddService(service, out);
  } else if (resource == "device.message") {
    out.kind = Kind::kData;
    const json::Value content = body["content"];
    if (const auto text = content.String()) out.detail = *text;
    // Binary messages come in base64; any other content is text or JSON of the device's own.
    if (!out.detail.empty() && !DecodePayload(out.detail, out)) {
      out.payload = std::as_bytes(std::span(out.detail.data(), out.detail.size()));
    }
    for (auto member = content.begin(); member != content.end(); ++member) {
      AddProperty(PropertyOf({}, member.key(), *member), out);
    }
  } else if (resource == "device.status") {
    out.result = KnownText(body["status"]);
    out.kind = out.result == "ONLINE"    ? Kind::kOnline
               : out.result == "OFFLINE" ? Kind::kOffline
                                         : Kind::kStatus;
  } else if (resource == "device.command.status" || resource == "device.message.status" ||
             resource == "batchtask") {
    out.kind = Kind::kCommandResponse;
    for (const char* key : {"command_id", "message_id", "task_id", "batchtask_id"}) {
      if (out.task_id.empty()) out.task_id = KnownText(body[key]);
    }
    out.result = KnownText(body["status"]);
    const json::Value result = body["result"];
    for (auto member = result.begin(); member != result.end(); ++member) {
      AddProperty(PropertyOf({}, member.key(), *member), out);
    }
  } else {
    return {Fault::kIdentifier, "resource"};
  }
  return {};
}

json::FieldError PushReader::ReadOceanConnect(const json::Value& root, PlatformMessage& out) {
  out.platform = Platform::kOceanConnect;
  out.device_id = KnownText(root["deviceId"]);
  out.message_id = KnownText(root["requestId"]);
  out.task_id = KnownText(root["commandId"]);
  if (!out.task_id.empty() && !root["result"].none()) {
    out.kind = Kind::kCommandResponse;
    out.result = KnownText(root["result"]["resultCode"]);
    out.detail = KnownText(root["result"]["resultDetail"]);
    return {};
  }
  const auto type = root["notifyType"].String();
  if (!type || out.device_id.empty()) return {Fault::kLayout, "resource"};
  if (*type == "deviceDataChanged") {
    out.kind = Kind::kProperty;
    AddService(root["service"], out);
  } else if (*type == "deviceDatasChanged") {
    out.kind = Kind::kProperty;
    for (const json::Value& service : root["services"]) AddService(service, out);
  } else if (*type == "deviceAdded" || *type == "deviceInfoChanged" || *type == "deviceDeleted") {
    out.kind = Kind::kDevice;
    out.result = *type;
    out.node_id = KnownText(root["deviceInfo"]["nodeId"]);
    if (IsImei(out.node_id)) out.imei = out.node_id;
    const std::string_view status = KnownText(root["deviceInfo"]["status"]);
    if (status == "ONLINE") out.kind = Kind::kOnline;
    if (status == "OFFLINE") out.kind = Kind::kOffline;
  } else {
    return {Fault::kIdentifier, "notifyType"};
  }
  return {};
}

bool IsImei(std::string_view text) {
  if (text.size() != 15) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

}  // namespace karez::protocols::platforms
