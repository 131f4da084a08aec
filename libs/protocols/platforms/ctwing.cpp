// China Telecom CTWing (AEP) pushes.
#include "libs/protocols/platforms/message.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {

namespace {

// The members that matter, gathered in one pass: looking each up would walk the object every time.
struct Members {
  json::Value type;
  json::Value tenant;
  json::Value product;
  json::Value device;
  json::Value imei;
  json::Value imsi;
  json::Value iccid;
  json::Value timestamp;
  json::Value event_type;
  json::Value event_content;
  json::Value service;
  json::Value task;
  json::Value result;
  json::Value payload;
};

struct Named {
  std::string_view key;
  json::Value Members::*member;
};

// Identities are in upper case in data reports, in lower case elsewhere.
constexpr Named kMembers[] = {
    {"messageType", &Members::type},
    {"tenantId", &Members::tenant},
    {"productId", &Members::product},
    {"deviceId", &Members::device},
    {"IMEI", &Members::imei},
    {"imei", &Members::imei},
    {"IMSI", &Members::imsi},
    {"imsi", &Members::imsi},
    {"iccid", &Members::iccid},
    {"timestamp", &Members::timestamp},
    {"eventType", &Members::event_type},
    {"eventContent", &Members::event_content},
    {"serviceId", &Members::service},
    {"taskId", &Members::task},
    {"result", &Members::result},
    {"payload", &Members::payload},
};

Members Gather(const json::Value& root) {
  Members members;
  for (auto member = root.begin(); member != root.end(); ++member) {
    const std::string_view key = member.key();
    for (const Named& named : kMembers) {
      if (named.key != key) continue;
      // The first member of a name counts.
      if ((members.*named.member).missing()) members.*named.member = *member;
      break;
    }
  }
  return members;
}

}  // namespace

json::FieldError PushReader::ReadCtwing(std::string_view body, PlatformMessage& out) {
  out = PlatformMessage{};
  const auto root = parser_.Parse(body);
  if (!root || root->type() != json::Type::kObject) return {Fault::kLayout};
  const Members members = Gather(*root);
  const auto type = members.type.String();
  if (!type) return {Fault::kLayout, "messageType"};
  out.platform = Platform::kCtwing;
  out.account = KnownText(members.tenant);
  out.product_id = KnownText(members.product);
  out.device_id = KnownText(members.device);
  out.imei = KnownText(members.imei);
  out.imsi = KnownText(members.imsi);
  out.iccid = KnownText(members.iccid);
  out.node_id = out.imei;
  out.time_ms = members.timestamp.Integer().value_or(kAbsent);
  out.event_type = members.event_type.Integer();
  json::FieldError error;
  if (*type == "dataReport") {
    out.kind = Kind::kData;
    error = ReadCtwingReport(members.service, members.payload, out);
  } else if (*type == "eventReport") {
    out.kind = Kind::kEvent;
    out.service_id = TextOf(members.service, task_room_);
    const json::Value content = members.event_content;
    for (auto member = content.begin(); member != content.end(); ++member) {
      AddProperty(PropertyOf(out.service_id, member.key(), *member), out);
    }
  } else if (*type == "deviceOnlineOfflineReport") {
    if (!out.event_type) return {Fault::kValue, "eventType"};
    if (*out.event_type != 0 && *out.event_type != 1) return {Fault::kIdentifier, "eventType"};
    out.kind = *out.event_type == 1 ? Kind::kOnline : Kind::kOffline;
  } else if (*type == "commandResponse") {
    out.kind = Kind::kCommandResponse;
    out.task_id = TextOf(members.task, task_room_);
    out.result = KnownText(members.result["resultCode"]);
    out.detail = KnownText(members.result["resultDetail"]);
  } else {
    return {Fault::kIdentifier, "messageType"};
  }
  if (error.ok()) out.dedup = DedupKeyOf(out);
  return error;
}

// Transparent products carry bytes, products with a profile carry a service with values.
json::FieldError PushReader::ReadCtwingReport(const json::Value& service,
                                              const json::Value& payload, PlatformMessage& out) {
  out.service_id = TextOf(service, device_room_);
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
