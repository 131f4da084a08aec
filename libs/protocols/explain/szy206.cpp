#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/szy206/message.h"

namespace karez::protocols {
namespace {

using szy206::Message;
using szy206::Value;

constexpr std::string_view kDirections[] = {"N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
                                            "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW"};

std::string Two(unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); }

Json StampJson(const szy206::Stamp& stamp) {
  if (!stamp.valid) return nullptr;
  return "day " + std::to_string(stamp.day) + " " + Two(stamp.hour) + ":" + Two(stamp.minute) +
         ":" + Two(stamp.second) + " delay " + std::to_string(stamp.delay_minutes);
}

std::string NameOf(const Value& value) {
  const std::string name(value.spec->name);
  return value.group == 0 ? name : name + std::to_string(value.group + 1);
}

void ExplainHeader(const Message& message, Bytes frame, Json& out) {
  const szy206::Header& header = message.header;
  const std::string address(header.Address().view());
  out["crc8"] = HexNumber(std::to_integer<uint64_t>(frame[frame.size() - 2]), 2);
  out["control"] = HexNumber(header.Control(), 2);
  out["dir"] = header.up ? "up" : "down";
  out["type"] = header.kind;
  out["fcb"] = header.frame_count;
  if (header.divided) out["divs"] = header.divs;
  out["address"] = address;
  out["admin_code"] = address.substr(0, 6);
  out["terminal"] = header.address[4] << 8 | header.address[3];
  out["afn"] = HexNumber(header.function, 2);
  out["function"] = szy206::FunctionName(header.function);
}

void ExplainCode(const Message& message, Json& out) {
  if (!message.code) return;
  out["code"] = HexNumber(*message.code, 2);
  if (!message.header.up) {
    if (*message.code == 0) out["meaning"] = "acknowledgement";
  } else if (message.header.function == szy206::kLinkTest) {
    out["meaning"] = *message.code == 0xF0   ? "log in"
                     : *message.code == 0xF1 ? "log out"
                     : *message.code == 0xF2 ? "keep alive"
                                             : "link test";
  }
}

void ExplainTail(const Message& message, Json& out) {
  if (!message.alarm) return;
  out["alarm"] = HexNumber(*message.alarm, 4);
  Json names = Json::array();
  for (int bit = 0; bit < szy206::kAlarmBits; ++bit) {
    const std::string_view name = szy206::AlarmName(bit);
    if (szy206::HasAlarm(*message.alarm, bit) && !name.empty()) names.push_back(name);
  }
  out["alarm_bits"] = std::move(names);
  out["state"] = HexNumber(*message.state, 4);
  out["tp"] = StampJson(*message.stamp);
}

Json FieldList(const Message& message, Bytes frame) {
  Json list = Json::array();
  const auto add = [&](std::string_view name, size_t offset, size_t length) {
    if (length > 0) list.push_back(PlaceJson(name, frame, offset, length));
  };
  const size_t address_at = message.header.divided ? 5 : 4;
  add("start", 0, 1);
  add("length", 1, 1);
  add("start", 2, 1);
  add("control", 3, 1);
  if (message.header.divided) add("divs", 4, 1);
  add("address", address_at, 5);
  add("afn", address_at + 5, 1);
  if (message.header.picture) {
    add("picture_length", message.data_at - 2, 2);
    add("picture", message.data_at, message.picture.size());
  }
  for (const Value& value : message.values) {
    add(NameOf(value), value.place.offset, value.place.length);
    if (value.rejected) list.back()["rejected"] = Name(value.reason);
  }
  if (message.code) add("code", message.data_at, 1);
  if (!message.trailing.empty()) add("data", message.data_at, message.trailing.size());
  if (message.alarm) {
    const size_t at = message.data_at + message.tail_at;
    add("alarm", at, 2);
    add("state", at + 2, 2);
    add("tp", at + 4, 5);
  }
  add("crc8", frame.size() - 2, 1);
  add("end", frame.size() - 1, 1);
  return list;
}

Json ExplainFrame(Bytes frame, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", frame.size()}};
  Message message;
  const Error error = szy206::ParseMessage(frame, message);
  if (!error.ok()) {
    out["unsupported"] = Lower(Name(error.fault));
    return out;
  }
  ExplainHeader(message, frame, out);
  ExplainCode(message, out);
  for (const Value& value : message.values) {
    out[NameOf(value)] = value.rejected ? Json() : Json(Decimal(value.raw, value.exponent));
    if (value.spec->top == szy206::ValueSpec::Top::kDirection) {
      out[NameOf(value) + "_direction"] = kDirections[value.direction & 0x0F];
    }
  }
  // A flow that came without its total: there is none.
  if (message.header.kind == szy206::kKindFlow && out.contains("flow") && !out.contains("total")) {
    out["total"] = nullptr;
  }
  ExplainTail(message, out);
  if (message.header.picture) out["picture_bytes"] = message.picture.size();
  if (!message.trailing.empty()) {
    out["data"] = Hex(message.trailing);
    out["unsupported"] = "data of AFN " + HexNumber(message.header.function, 2) + ", type " +
                         std::to_string(message.header.kind);
  }
  out["fields"] = FieldList(message, frame);
  return out;
}

Error CheckAt(Bytes bytes) {
  szy206::Header header;
  Bytes data;
  const Error error = szy206::ParseLink(bytes, header, data);
  return error.fault == Fault::kLength && error.expected > error.found && error.found >= 7 ? Error{}
                                                                                           : error;
}

}  // namespace

Json ExplainSzy206(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "szy206"}, {"profile", question.profile ? question.profile->id : ""}};
  const auto may_start = [&](Bytes rest) {
    if (rest.data() == bytes.data()) return true;
    return rest[0] == std::byte{0x68} && rest.size() > 2 && rest[2] == std::byte{0x68};
  };
  ExplainFrames(
      bytes, szy206::Probe{}, may_start, CheckAt, 2,
      [&](Bytes frame, size_t at) { return ExplainFrame(frame, at); }, out);
  if (out.contains("published_cs")) out["crc8"] = out["published_cs"];
  return out;
}

}  // namespace karez::protocols
