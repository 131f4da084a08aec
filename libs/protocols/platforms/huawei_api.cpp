#include "libs/protocols/json/writer.h"
#include "libs/protocols/platforms/huawei.h"

namespace karez::protocols::platforms {
namespace {

void WriteParas(std::span<const Parameter> paras, json::Writer& writer) {
  writer.BeginObject();
  for (const Parameter& para : paras) {
    writer.Key(para.name);
    if (para.type == Parameter::Type::kInteger) {
      writer.Integer(para.number);
    } else if (para.type == Parameter::Type::kBool) {
      writer.Bool(para.number != 0);
    } else {
      writer.String(para.text);
    }
  }
  writer.EndObject();
}

bool IsWhole(const huawei::Command& command) {
  return !command.device_id.empty() && !command.service_id.empty() && !command.name.empty();
}

Error Finish(const huawei::Command& command, std::string_view token, std::string_view kind,
             std::string_view body, TextRoom& room, ApiRequest& out) {
  out = ApiRequest{};
  out.method = "POST";
  out.body = body;
  room.Add("/v5/iot/").AddPercentEncoded(command.project_id).Add("/devices/");
  out.target = room.AddPercentEncoded(command.device_id).Add(kind).Take();
  out.headers.push_back({"X-Auth-Token", token});
  out.headers.push_back({"Content-Type", "application/json"});
  return room.error();
}

}  // namespace

namespace huawei {

Error WriteAsyncCommand(std::string_view token, const Command& command, TextRoom& room,
                        ApiRequest& out) {
  if (!IsWhole(command) || command.project_id.empty()) return {Fault::kValue};
  json::Writer writer(room.free());
  writer.BeginObject().Key("service_id").String(command.service_id);
  writer.Key("command_name").String(command.name).Key("paras");
  WriteParas(command.paras, writer);
  if (command.expire_s > 0) writer.Key("expire_time").Integer(command.expire_s);
  writer.Key("send_strategy").String(command.delivery == Delivery::kNow ? "immediately" : "delay");
  writer.EndObject();
  room.Used(writer.size());
  return Finish(command, token, "/async-commands", room.Take(), room, out);
}

Error WriteCommand(std::string_view token, const Command& command, TextRoom& room,
                   ApiRequest& out) {
  if (!IsWhole(command) || command.project_id.empty()) return {Fault::kValue};
  json::Writer writer(room.free());
  writer.BeginObject().Key("service_id").String(command.service_id);
  writer.Key("command_name").String(command.name).Key("paras");
  WriteParas(command.paras, writer);
  writer.EndObject();
  room.Used(writer.size());
  return Finish(command, token, "/commands", room.Take(), room, out);
}

CommandState CommandStateOf(std::string_view status) {
  struct Named {
    std::string_view name;
    CommandState state;
  };
  constexpr Named kStates[] = {
      {"PENDING", CommandState::kPending},
      {"EXPIRED", CommandState::kExpired},
      {"SENT", CommandState::kSent},
      {"DELIVERED", CommandState::kDelivered},
      {"SUCCESSFUL", CommandState::kSuccessful},
      {"FAILED", CommandState::kFailed},
      {"TIMEOUT", CommandState::kTimeout},
      {"CANCELED", CommandState::kCancelled},
  };
  for (const Named& known : kStates) {
    if (known.name == status) return known.state;
  }
  return CommandState::kUnknown;
}

}  // namespace huawei

namespace oceanconnect {

Error WriteCommand(std::string_view app_id, std::string_view token, const huawei::Command& command,
                   std::string_view callback_url, TextRoom& room, ApiRequest& out) {
  if (!IsWhole(command)) return {Fault::kValue};
  json::Writer writer(room.free());
  writer.BeginObject().Key("deviceId").String(command.device_id);
  writer.Key("command").BeginObject().Key("serviceId").String(command.service_id);
  writer.Key("method").String(command.name).Key("paras");
  WriteParas(command.paras, writer);
  writer.EndObject();
  if (!callback_url.empty()) writer.Key("callbackUrl").String(callback_url);
  // 0 means at once; the platform's own default keeps it 48 h.
  if (command.delivery == huawei::Delivery::kNow) {
    writer.Key("expireTime").Integer(0);
  } else if (command.expire_s > 0) {
    writer.Key("expireTime").Integer(command.expire_s);
  }
  writer.EndObject();
  room.Used(writer.size());
  out = ApiRequest{};
  out.method = "POST";
  out.target = "/iocm/app/cmd/v1.4.0/deviceCommands";
  out.body = room.Take();
  out.headers.push_back({"app_key", app_id});
  out.headers.push_back({"Authorization", room.Add("Bearer ").Add(token).Take()});
  out.headers.push_back({"Content-Type", "application/json"});
  return room.error();
}

}  // namespace oceanconnect
}  // namespace karez::protocols::platforms
