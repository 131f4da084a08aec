// China Telecom CTWing (AEP) pushes.
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {

json::FieldError PushReader::ReadCtwing(std::string_view body, PlatformMessage& out) {
  out = PlatformMessage{};
  const auto root = parser_.Parse(body);
  if (!root || root->type() != json::Type::kObject) return {Fault::kLayout};
  const auto type = (*root)["messageType"].String();
  if (!type) return {Fault::kLayout, "messageType"};
  out.platform = Platform::kCtwing;
  out.account = KnownText((*root)["tenantId"]);
  out.product_id = KnownText((*root)["productId"]);
  out.device_id = KnownText((*root)["deviceId"]);
  // Upper case in data reports, lower case elsewhere.
  out.imei = KnownText((*root)["IMEI"]);
  if (out.imei.empty()) out.imei = KnownText((*root)["imei"]);
  out.imsi = KnownText((*root)["IMSI"]);
  if (out.imsi.empty()) out.imsi = KnownText((*root)["imsi"]);
  out.iccid = KnownText((*root)["iccid"]);
  out.node_id = out.imei;
  out.time_ms = (*root)["timestamp"].Integer().value_or(kAbsent);
  out.event_type = (*root)["eventType"].Integer();
  json::FieldError error;
  if (*type == "dataReport") {
    out.kind = Kind::kData;
    error = ReadCtwingReport(*root, out);
  } else if (*type == "eventReport") {
    out.kind = Kind::kEvent;
    out.service_id = TextOf((*root)["serviceId"], task_room_);
    const json::Value content = (*root)["eventContent"];
    for (auto member = content.begin(); member != content.end(); ++member) {
      AddProperty(PropertyOf(out.service_id, member.key(), *member), out);
    }
  } else if (*type == "deviceOnlineOfflineReport") {
    if (!out.event_type) return {Fault::kValue, "eventType"};
    if (*out.event_type != 0 && *out.event_type != 1) return {Fault::kIdentifier, "eventType"};
    out.kind = *out.event_type == 1 ? Kind::kOnline : Kind::kOffline;
  } else if (*type == "commandResponse") {
    out.kind = Kind::kCommandResponse;
    out.task_id = TextOf((*root)["taskId"], task_room_);
    out.result = KnownText((*root)["result"]["resultCode"]);
    out.detail = KnownText((*root)["result"]["resultDetail"]);
  } else {
    return {Fault::kIdentifier, "messageType"};
  }
  if (error.ok()) out.dedup = DedupKeyOf(out);
  return error;
}

// Transparent products carry bytes, products with a profile carry a service with values.
json::FieldError PushReader::ReadCtwingReport(const json::Value& root, PlatformMessage& out) {
  const json::Value payload = root["payload"];
  out.service_id = TextOf(root["serviceId"], device_room_);
  if (payload.none()) return {};
  if (payload.type() != json::Type::kObject) return {Fault::kValue, "payload"};
  const json::Value bytes = payload["APPdata"];
  if (!bytes.none()) {
    const auto text = bytes.String();
    if (!text || !DecodePayload(*text, out)) return {Fault::kValue, "payload.APPdata"};
    return {};
  }
  json::Value data = payload["serviceData"];
  if (data.type() == json::Type::kObject) {
    if (out.service_id.empty()) out.service_id = TextOf(payload["serviceId"], device_room_);
  } else {
    data = payload;
  }
  for (auto member = data.begin(); member != data.end(); ++member) {
    AddProperty(PropertyOf(out.service_id, member.key(), *member), out);
  }
  return {};
}

}  // namespace karez::protocols::platforms
