#include <algorithm>
#include <array>

#include "libs/protocols/base64.h"
#include "libs/protocols/crypto/digest.h"
#include "libs/protocols/json/writer.h"
#include "libs/protocols/platforms/ctwing.h"

namespace karez::protocols::platforms::ctwing {
namespace {

constexpr size_t kMaxParameters = 16;

struct Call {
  std::string_view method;
  std::string_view path;
  std::string_view version;
};

constexpr Call kCreate{"POST", "/aep_device_command/command", "20190712225145"};
constexpr Call kCreateLwm2m{"POST", "/aep_device_command_lwm_profile/commandLwm2mProfile",
                            "20191231141545"};
constexpr Call kQuery{"GET", "/aep_device_command/command", "20190712225241"};
constexpr Call kList{"GET", "/aep_device_command/commands", "20200814163736"};
constexpr Call kCancel{"PUT", "/aep_device_command/cancelCommand", "20190615023142"};

Bytes AsBytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

// Target, headers and signature around a body that is in the room already.
Error Finish(const Account& account, int64_t timestamp_ms, const Call& call,
             std::span<const Header> parameters, std::string_view body, TextRoom& room,
             ApiRequest& out) {
  out = ApiRequest{};
  out.method = call.method;
  out.host = kHost;
  out.body = body;
  room.Add(call.path);
  for (size_t i = 0; i < parameters.size(); ++i) {
    room.Add(i == 0 ? "?" : "&").Add(parameters[i].name).Add("=");
    room.AddPercentEncoded(parameters[i].value);
  }
  out.target = room.Take();
  const std::string_view timestamp = room.AddNumber(timestamp_ms).Take();
  const Signed made = Sign(account, timestamp_ms, parameters, body, room);
  if (!made.error.ok()) return made.error;
  out.headers.push_back({"application", account.application});
  out.headers.push_back({"timestamp", timestamp});
  out.headers.push_back({"version", call.version});
  if (!account.master_key.empty()) out.headers.push_back({"MasterKey", account.master_key});
  out.headers.push_back({"signature", made.signature});
  if (!body.empty()) out.headers.push_back({"Content-Type", "application/json; charset=UTF-8"});
  return room.error();
}

void WriteParameters(std::span<const Parameter> params, json::Writer& writer) {
  writer.BeginObject();
  for (const Parameter& parameter : params) {
    writer.Key(parameter.name);
    switch (parameter.type) {
      case Parameter::Type::kText:
        writer.String(parameter.text);
        break;
      case Parameter::Type::kInteger:
        writer.Integer(parameter.number);
        break;
      case Parameter::Type::kBool:
        writer.Bool(parameter.number != 0);
        break;
    }
  }
  writer.EndObject();
}

std::string_view UpperHex(Bytes bytes, TextRoom& room) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const std::byte b : bytes) {
    const auto value = std::to_integer<unsigned>(b);
    const char digits[] = {kDigits[value >> 4], kDigits[value & 0xF]};
    room.Add({digits, 2});
  }
  return room.Take();
}

}  // namespace

Signed Sign(const Account& account, int64_t timestamp_ms, std::span<const Header> parameters,
            std::string_view body, TextRoom& room) {
  std::array<Header, kMaxParameters + 1> sorted;
  if (parameters.size() > kMaxParameters) return {{Fault::kValue}, {}, {}};
  auto end = std::copy(parameters.begin(), parameters.end(), sorted.begin());
  if (!account.master_key.empty()) *end++ = {"MasterKey", account.master_key};
  std::sort(sorted.begin(), end, [](const Header& a, const Header& b) { return a.name < b.name; });
  room.Add("application:").Add(account.application).Add("\n");
  room.Add("timestamp:").AddNumber(timestamp_ms).Add("\n");
  for (auto it = sorted.begin(); it != end; ++it) {
    room.Add(it->name).Add(":").Add(it->value).Add("\n");
  }
  if (!body.empty()) room.Add(body).Add("\n");
  const std::string_view text = room.Take();
  if (!room.ok()) return {room.error(), {}, {}};
  const crypto::Sha1Digest digest = crypto::HmacSha1(AsBytes(account.secret), AsBytes(text));
  const Base64Result encoded = EncodeBase64(digest, room.free());
  room.Used(Base64EncodedSize(digest.size()));
  if (!encoded.error.ok()) return {room.error(), {}, {}};
  return {{}, text, room.Take()};
}

Error WriteCreateCommand(const Account& account, int64_t timestamp_ms, const Command& command,
                         TextRoom& room, ApiRequest& out) {
  const bool profile = !command.service.empty();
  if (command.device_id.empty() == command.group_id.empty()) return {Fault::kValue};
  if (profile == !command.payload.empty()) return {Fault::kValue};
  const std::string_view hex = UpperHex(command.payload, room);
  json::Writer writer(room.free());
  writer.BeginObject().Key("content").BeginObject();
  if (profile) {
    writer.Key("params");
    WriteParameters(command.params, writer);
    writer.Key("serviceIdentifier").String(command.service);
  } else {
    writer.Key("dataType").Integer(2).Key("payload").String(hex);
  }
  writer.EndObject();
  if (!command.device_id.empty()) writer.Key("deviceId").String(command.device_id);
  if (!command.group_id.empty()) writer.Key("deviceGroupId").String(command.group_id);
  writer.Key("operator").String(command.operator_name);
  writer.Key("productId").Integer(command.product_id);
  writer.Key("ttl").Integer(command.ttl_s);
  if (command.level != Level::kUnset) {
    writer.Key("level").Integer(static_cast<int64_t>(command.level));
  }
  writer.EndObject();
  room.Used(writer.size());
  return Finish(account, timestamp_ms, profile ? kCreateLwm2m : kCreate, {}, room.Take(), room,
                out);
}

Error WriteCancelCommand(const Account& account, int64_t timestamp_ms, int64_t product_id,
                         std::string_view device_id, int64_t command_id, TextRoom& room,
                         ApiRequest& out) {
  json::Writer writer(room.free());
  writer.BeginObject().Key("commandId").Integer(command_id).Key("deviceId").String(device_id);
  writer.Key("productId").Integer(product_id).EndObject();
  room.Used(writer.size());
  return Finish(account, timestamp_ms, kCancel, {}, room.Take(), room, out);
}

Error WriteQueryCommand(const Account& account, int64_t timestamp_ms, int64_t product_id,
                        std::string_view device_id, int64_t command_id, TextRoom& room,
                        ApiRequest& out) {
  const std::string_view command = room.AddNumber(command_id).Take();
  const std::string_view product = room.AddNumber(product_id).Take();
  const Header parameters[] = {
      {"commandId", command}, {"productId", product}, {"deviceId", device_id}};
  return Finish(account, timestamp_ms, kQuery, parameters, {}, room, out);
}

Error WriteListCommands(const Account& account, int64_t timestamp_ms, int64_t product_id,
                        std::string_view device_id, int64_t page, int64_t page_size, TextRoom& room,
                        ApiRequest& out) {
  const std::string_view product = room.AddNumber(product_id).Take();
  const std::string_view now = room.AddNumber(page).Take();
  const std::string_view size = room.AddNumber(page_size).Take();
  const Header parameters[] = {
      {"productId", product}, {"deviceId", device_id}, {"pageNow", now}, {"pageSize", size}};
  return Finish(account, timestamp_ms, kList, parameters, {}, room, out);
}

CommandState CommandStateOf(int64_t status) {
  switch (status) {
    case 1:
      return CommandState::kSaved;
    case 2:
      return CommandState::kSent;
    case 3:
      return CommandState::kDelivered;
    case 4:
      return CommandState::kDone;
    case 6:
      return CommandState::kCancelled;
    case 999:
      return CommandState::kFailed;
    default:
      return CommandState::kUnknown;
  }
}

}  // namespace karez::protocols::platforms::ctwing
