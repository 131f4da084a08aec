#include <algorithm>
#include <vector>

#include "libs/protocols/bcd.h"
#include "libs/protocols/explain/explainers.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/sl651/message.h"
#include "libs/protocols/sl651/packets.h"

namespace karez::protocols {
namespace {

using sl651::Function;
using sl651::Item;
using sl651::Message;

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

const sl651::ElementKind* FindKind(const Message& message, const Item& item) {
  return sl651::FindElement(static_cast<Function>(message.header.function), item.identifier);
}

std::string ItemName(const Message& message, const Item& item) {
  switch (item.type) {
    case Item::Type::kStation:
      return "body_station";
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
    case Item::Type::kVelocities:
      return "velocities";
    case Item::Type::kContinued:
      return "continued";
    case Item::Type::kVersion:
      return "version";
    case Item::Type::kEvents:
      return "events";
    case Item::Type::kSwitches:
    case Item::Type::kGates:
      return "switches";
    case Item::Type::kQuota:
      return "quota";
    case Item::Type::kElement:
    case Item::Type::kSeries:
    case Item::Type::kAsked:
      break;
  }
  if (const sl651::ElementKind* kind = FindKind(message, item)) {
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

Json ValueJson(const sl651::ElementKind* kind, const Item& item, Bytes value) {
  if (kind != nullptr && kind->coding == sl651::ElementKind::Coding::kHex) return Joined(value);
  if (kind != nullptr && kind->coding == sl651::ElementKind::Coding::kText) return PlainText(value);
  const sl651::Number number = sl651::ReadNumber(value);
  return number.rejected ? Json() : Json(Decimal(number.raw, -item.decimals));
}

// One value, or a list of those of a series.
Json ItemJson(const Message& message, const Item& item) {
  const sl651::ElementKind* kind = FindKind(message, item);
  if (item.type == Item::Type::kElement) return ValueJson(kind, item, item.value);
  Json list = Json::array();
  for (size_t at = 0; at < item.value.size(); at += item.width) {
    list.push_back(ValueJson(kind, item, item.value.subspan(at, item.width)));
  }
  return list;
}

void ExplainStatus(const Item& item, Json& out) {
  out["status"] = Joined(item.value);
  Json names = Json::array();
  for (size_t bit = 0; bit < 8 * item.value.size(); ++bit) {
    const std::byte byte = item.value[item.value.size() - 1 - bit / 8];
    const std::string_view name = sl651::StatusBitName(static_cast<int>(bit));
    if ((std::to_integer<unsigned>(byte) >> bit % 8 & 1) != 0 && !name.empty()) {
      names.push_back(name);
    }
  }
  out["status_bits"] = std::move(names);
}

void ExplainElement(const Message& message, const Item& item, Json& out) {
  const auto function = static_cast<Function>(message.header.function);
  const std::string identifier = IdentifierText(item);
  if (IsConfiguration(function)) {
    out["config"][identifier] = Joined(item.value);
  } else if (function == Function::kPassword && item.identifier == sl651::kPasswordParameter) {
    // Downlink the old one comes before the new one.
    const bool old = message.header.down && !out.contains("old_password");
    out[old ? "old_password" : "new_password"] = Joined(item.value);
    return;
  } else if (item.identifier == sl651::kStatusElement) {
    if (!out.contains("status")) ExplainStatus(item, out);
    return;
  } else if (item.identifier == sl651::kTimeStep) {
    Offer("time_step", Joined(item.value), out);
  }
  Json& values = out["values"];
  if (!values.contains(identifier)) values[identifier] = ItemJson(message, item);
}

Json Switches(Bytes bits, size_t count) {
  Json list = Json::array();
  for (size_t i = 0; i < count; ++i) {
    list.push_back((std::to_integer<unsigned>(bits[i / 8]) >> i % 8 & 1) != 0);
  }
  return list;
}

void ExplainGates(const Item& item, Json& out) {
  out["switches"] = Switches(item.value, item.count);
  Json& openings = out["openings_cm"] = Json::array();
  for (size_t at = (item.count + 7u) / 8; at < item.value.size(); at += 2) {
    const sl651::Number number = sl651::ReadNumber(item.value.subspan(at, 2));
    openings.push_back(number.rejected ? Json() : Json(number.raw));
  }
}

void ExplainStation(const Item& item, Json& out) {
  Offer("body_station", Joined(item.value.first(5)), out);
  if (item.value.size() > 5) Offer("category", Joined(item.value.subspan(5)), out);
}

void ExplainItem(const Message& message, const Item& item, Json& out) {
  switch (item.type) {
    case Item::Type::kStation:
      return ExplainStation(item, out);
    case Item::Type::kObservationTime:
      return Offer("observed", item.time_valid ? Json(Minutes(item.time)) : Json(), out);
    case Item::Type::kElement:
    case Item::Type::kSeries:
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
    case Item::Type::kVelocities:
    case Item::Type::kContinued:
      return Offer(ItemName(message, item).c_str(), Hex(item.value), out);
    case Item::Type::kVersion:
      return Offer("version", PlainText(item.value), out);
    case Item::Type::kEvents:
      return Offer("events", Series(item.value, 2), out);
    case Item::Type::kSwitches:
      return Offer("switches", Switches(item.value, 8 * item.value.size()), out);
    case Item::Type::kGates:
      return ExplainGates(item, out);
    case Item::Type::kQuota:
      return Offer("quota", Joined(item.value) == "FF", out);
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
    out["total"] = header.packets;
    out["sequence"] = header.packet;
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

// Into `out` by its name; its place joins `fields`, a value with its unit `elements`.
void ExplainItems(const Message& message, Bytes whole, size_t body_at, Json& out) {
  Json elements = Json::array();
  Json fields = std::move(out["fields"]);
  sl651::ItemReader reader(message);
  for (Item item; reader.Next(item);) {
    ExplainItem(message, item, out);
    const std::string name = ItemName(message, item);
    fields.push_back(PlaceJson(name, whole, body_at + item.offset, item.size));
    if (item.type != Item::Type::kElement && item.type != Item::Type::kSeries) continue;
    Json json = {{"id", IdentifierText(item)}, {"name", name}, {"value", ItemJson(message, item)}};
    const sl651::ElementKind* kind = FindKind(message, item);
    if (kind != nullptr && !kind->unit.empty()) json["unit"] = kind->unit;
    elements.push_back(std::move(json));
  }
  if (!elements.empty()) out["elements"] = std::move(elements);
  if (const size_t left = reader.trailing().size(); left > 0) {
    out["trailing"] = Hex(reader.trailing());
    fields.push_back(PlaceJson("trailing", whole, body_at + message.body.size() - left, left));
  }
  out["fields"] = std::move(fields);
}

Json ExplainFrame(Bytes frame, size_t offset, sl651::PacketJoiner& joiner) {
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
  out["fields"] = HeaderFields(message, frame);
  ExplainItems(message, frame, static_cast<size_t>(message.body.data() - frame.data()), out);
  out["fields"].push_back(PlaceJson("etx", frame, frame.size() - 3, 1));
  out["fields"].push_back(PlaceJson("crc", frame, frame.size() - 2, 2));
  // The last of its packets: what they say together.
  Message whole;
  if (joiner.Add(message.header, message.body) == sl651::PacketJoiner::State::kComplete &&
      sl651::ParseBody(joiner.header(), joiner.body(), whole).ok()) {
    Json joined = {{"bytes", whole.body.size()}, {"fields", Json::array()}};
    ExplainPreamble(whole, joined);
    ExplainItems(whole, whole.body, 0, joined);
    out["joined"] = std::move(joined);
  }
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
  std::vector<std::byte> memory(bytes.size());
  sl651::PacketJoiner joiner(memory);
  ExplainFrames(
      bytes, sl651::Probe{},
      [](Bytes rest) {
        return rest.size() > 1 && rest[0] == std::byte{0x7E} && rest[1] == rest[0];
      },
      CheckAt, 4, [&](Bytes frame, size_t at) { return ExplainFrame(frame, at, joiner); }, out);
  if (out.contains("published_cs")) out["crc"] = out["published_cs"];
  return out;
}

}  // namespace karez::protocols
