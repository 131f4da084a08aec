#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/sl651/message.h"

namespace karez::protocols {
namespace {

using sl651::Function;
using sl651::Item;
using sl651::Message;

constexpr uint8_t kStatusElement = 0x45;
constexpr uint8_t kPasswordParameter = 0x03;

std::string Joined(Bytes bytes) {
  std::string text;
  for (const std::byte b : bytes) text += HexNumber(std::to_integer<uint64_t>(b), 2);
  return text;
}

std::string Minutes(const LocalTime& time) { return TimeText(time).substr(0, 16); }

std::string PlainText(Bytes bytes) {
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable ? text : Hex(bytes);
}

std::string IdentifierText(const Item& item) {
  std::string text = HexNumber(item.identifier, 2);
  return item.identifier == 0xFF ? text + HexNumber(item.extension, 2) : text;
}

bool IsConfiguration(Function function) {
  return function >= Function::kSetBasic && function <= Function::kGetRunning;
}

std::string ItemName(const Message& message, const Item& item) {
  const auto function = static_cast<Function>(message.header.function);
  switch (item.type) {
    case Item::Type::kObservationTime:
      return "observed";
    case Item::Type::kRainSeries:
      return "rain5min_01mm";
    case Item::Type::kLevelSeries:
      return "level5min_cm";
    case Item::Type::kManual:
      return "manual";
    case Item::Type::kPicture:
      return "picture";
    case Item::Type::kVersion:
      return "version";
    case Item::Type::kEvents:
      return "events";
    case Item::Type::kElement:
    case Item::Type::kAsked:
      break;
  }
  if (IsConfiguration(function) || function == Function::kPassword) {
    const std::string_view name = sl651::ParameterName(function, item.identifier);
    if (!name.empty()) return std::string(name);
  } else if (const sl651::ElementKind* kind = sl651::FindElement(item.identifier)) {
    return std::string(kind->name) + (kind->index == 0 ? "" : std::to_string(kind->index));
  }
  return "element_" + IdentifierText(item);
}

void Offer(const char* name, Json value, Json& out) {
  if (!out.contains(name)) out[name] = std::move(value);
}

Json Series(Bytes bytes, size_t width) {
  Json list = Json::array();
  for (size_t at = 0; at + width <= bytes.size(); at += width) {
    uint64_t value = 0;
    for (const std::byte b : bytes.subspan(at, width))
      value = value << 8 | std::to_integer<uint64_t>(b);
    list.push_back(value == (uint64_t{1} << (8 * width)) - 1 ? Json() : Json(value));
  }
  return list;
}

Json NumberJson(const Item& item) {
  const sl651::Number number = sl651::ReadNumber(item.value);
  return number.rejected ? Json() : Json(Decimal(number.raw, -item.decimals));
}

void ExplainElement(const Message& message, const Item& item, Json& out) {
  const auto function = static_cast<Function>(message.header.function);
  const std::string identifier = IdentifierText(item);
  if (item.identifier == kStatusElement && !IsConfiguration(function)) {
    return Offer("status", Joined(item.value), out);
  }
  if (function == Function::kPassword && item.identifier == kPasswordParameter) {
    return Offer("new_password", Joined(item.value), out);
  }
  if (IsConfiguration(function)) {
    out["config"][identifier] = Joined(item.value);
  } else if (item.identifier == 0x04) {
    return Offer("time_step", Joined(item.value), out);
  }
  Json& values = out["values"];
  if (!values.contains(identifier)) values[identifier] = NumberJson(item);
}

void ExplainItem(const Message& message, const Item& item, Json& out) {
  switch (item.type) {
    case Item::Type::kObservationTime:
      return Offer("observed", item.time_valid ? Json(Minutes(item.time)) : Json(), out);
    case Item::Type::kElement:
      return ExplainElement(message, item, out);
    case Item::Type::kRainSeries:
      return Offer("rain5min_01mm", Series(item.value, 1), out);
    case Item::Type::kLevelSeries: {
      // F5 is the first gauge; F6 … FC are the others.
      const int gauge = item.identifier - 0xF4;
      const std::string name =
          gauge == 1 ? "level5min_cm" : "level" + std::to_string(gauge) + "_5min_cm";
      return Offer(name.c_str(), Series(item.value, 2), out);
    }
    case Item::Type::kManual:
      return Offer("manual", PlainText(item.value), out);
    case Item::Type::kPicture:
      return Offer("picture_bytes", item.value.size(), out);
    case Item::Type::kVersion:
      return Offer("version", PlainText(item.value), out);
    case Item::Type::kEvents:
      return Offer("events", Series(item.value, 2), out);
    case Item::Type::kAsked:
      out["asked"].push_back(IdentifierText(item));
      return;
  }
}

std::string_view EndName(uint8_t etx) {
  switch (etx) {
    case sl651::kEtx:
      return "ETX";
    case sl651::kEtb:
      return "ETB";
    case sl651::kEnq:
      return "ENQ";
    case sl651::kAck:
      return "ACK";
    case sl651::kNak:
      return "NAK";
    case sl651::kEot:
      return "EOT";
    default:
      return "ESC";
  }
}

void ExplainHeader(const Message& message, Bytes frame, Json& out) {
  const sl651::Header& header = message.header;
  out["crc"] = Joined(frame.last(2));
  out["center"] = HexNumber(header.centre, 2);
  out["station"] = header.Station().view();
  out["password"] = HexNumber(header.password, 4);
  out["func"] = HexNumber(header.function, 2);
  out["function"] = sl651::Name(static_cast<Function>(header.function));
  out["dir"] = header.down ? "down" : "up";
  out["body_len"] = message.body.size() + (header.stx == sl651::kStxPackets ? 3 : 0);
  out["stx"] = HexNumber(header.stx, 2);
  out["etx"] = HexNumber(header.etx, 2);
  out["etx_name"] = EndName(header.etx);
  if (header.stx == sl651::kStxPackets) {
    out["packets"] = header.packets;
    out["packet"] = header.packet;
  }
}

void ExplainPreamble(const Message& message, Json& out) {
  if (!message.has_preamble) return;
  out["serial"] = message.serial;
  out["time"] = message.time_valid ? Json(TimeText(message.time)) : Json();
  if (message.has_station) {
    std::string station;
    for (const uint8_t byte : message.station) station += HexNumber(byte, 2);
    out["body_station"] = station;
  }
  if (message.has_category) out["category"] = HexNumber(message.category, 2);
  if (message.has_period) {
    out["from"] = Minutes(message.from);
    out["to"] = Minutes(message.to);
  }
}

Json HeaderFields(const Message& message, Bytes frame) {
  Json list = Json::array();
  const auto add = [&](std::string_view name, size_t offset, size_t length) {
    if (length > 0) list.push_back(PlaceJson(name, frame, offset, length));
  };
  const sl651::Header& header = message.header;
  add("start", 0, 2);
  add(header.down ? "station" : "center", 2, header.down ? 5 : 1);
  add(header.down ? "center" : "station", header.down ? 7 : 3, header.down ? 1 : 5);
  add("password", 8, 2);
  add("func", 10, 1);
  add("length", 11, 2);
  add("stx", 13, 1);
  size_t at = sl651::kHeaderSize;
  if (header.stx == sl651::kStxPackets) {
    add("packets", at, 3);
    at += 3;
  }
  if (!message.has_preamble) return list;
  add("serial", at, 2);
  add("time", at + 2, 6);
  const size_t station = message.has_station ? 7 : 0;
  if (station != 0) add("body_station", at + 8, station);
  if (message.has_category) add("category", at + 8 + station, 1);
  if (message.has_period) add("period", at + message.items_at - 8, 8);
  return list;
}

Json ExplainFrame(Bytes frame, size_t offset) {
  Json out = {{"valid", true}, {"offset", offset}, {"bytes", frame.size()}};
  Message message;
  const Error error = sl651::ParseMessage(frame, message);
  ExplainHeader(message, frame, out);
  if (!error.ok()) {
    out["unsupported"] = Lower(Name(error.fault));
    out["position"] = offset + error.position;
    return out;
  }
  ExplainPreamble(message, out);
  Json fields = HeaderFields(message, frame);
  const auto body_at = static_cast<size_t>(message.body.data() - frame.data());
  Json items = Json::array();
  sl651::ItemReader reader(message);
  for (Item item; reader.Next(item);) {
    ExplainItem(message, item, out);
    const std::string name = ItemName(message, item);
    fields.push_back(PlaceJson(name, frame, body_at + item.offset, item.size));
    if (item.type != Item::Type::kElement) continue;
    Json json = {{"id", IdentifierText(item)}, {"name", name}, {"value", NumberJson(item)}};
    const sl651::ElementKind* kind = sl651::FindElement(item.identifier);
    const bool element = !IsConfiguration(static_cast<Function>(message.header.function));
    if (element && kind != nullptr && !kind->unit.empty()) json["unit"] = kind->unit;
    items.push_back(std::move(json));
  }
  if (!reader.trailing().empty()) {
    out["trailing"] = Hex(reader.trailing());
    fields.push_back(PlaceJson("trailing", frame, frame.size() - 3 - reader.trailing().size(),
                               reader.trailing().size()));
  }
  if (!items.empty()) out["elements"] = std::move(items);
  fields.push_back(PlaceJson("etx", frame, frame.size() - 3, 1));
  fields.push_back(PlaceJson("crc", frame, frame.size() - 2, 2));
  out["fields"] = std::move(fields);
  return out;
}

Error CheckAt(Bytes bytes) {
  sl651::Header header;
  Bytes body;
  const Error error = sl651::ParseLink(bytes, header, body);
  return error.fault == Fault::kLength && error.expected > error.found ? Error{} : error;
}

}  // namespace

Json ExplainSl651(const Question& question, Bytes bytes) {
  Json out = {{"protocol", "sl651"}, {"profile", question.profile ? question.profile->id : ""}};
  ExplainFrames(
      bytes, sl651::Probe{},
      [](Bytes rest) {
        return rest.size() > 1 && rest[0] == std::byte{0x7E} && rest[1] == rest[0];
      },
      CheckAt, 4, [&](Bytes frame, size_t at) { return ExplainFrame(frame, at); }, out);
  if (out.contains("published_cs")) out["crc"] = out["published_cs"];
  return out;
}

}  // namespace karez::protocols
