// Our CoAP and LwM2M codecs, for the conformance run: one question a line of standard input, one
// answer a line.
//   {"op": "write", "type": 0, "code": 1, "mid": 7, "token": hex, "options": [[11, hex], …],
//    "payload": hex} → {"hex"}
//   {"op": "parse", "hex"} → the same members, or {"error": "LENGTH"}
//   {"op": "write_values", "format": "tlv" | "senml-json" | "senml-cbor" | "json", "base": "/3/0",
//    "values": [["/3/0/9", "integer", 100], …]} → {"hex"}
//   {"op": "read_values", "format", "base", "hex"} → {"values"}
// Types: string, integer, float, boolean, opaque (hex), time, objlink ("66:0").
#include <iostream>
#include <string>
#include <vector>

#include "libs/protocols/coap/message.h"
#include "libs/protocols/explain/explain.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/lwm2m/record.h"
#include "libs/protocols/lwm2m/senml.h"
#include "libs/protocols/lwm2m/tlv.h"

namespace karez::protocols {
namespace {

constexpr size_t kRoom = 65'536;
constexpr std::string_view kTypes[] = {"unknown", "none",    "string", "integer", "unsigned",
                                       "float",   "boolean", "opaque", "time",    "objlink"};

std::vector<std::byte> BytesOf(const Json& text) {
  std::vector<std::byte> bytes;
  ParseHex(text.get<std::string>(), bytes);
  return bytes;
}

Json HexOrError(const Error& error, Bytes written) {
  if (!error.ok()) return {{"error", Name(error.fault)}};
  return {{"hex", CompactHex(written)}};
}

Json Write(const Json& asked) {
  std::vector<std::byte> out(kRoom);
  const std::vector<std::byte> token = BytesOf(asked.at("token"));
  coap::MessageWriter writer(out, static_cast<coap::Type>(asked.at("type").get<int>()),
                             asked.at("code").get<uint8_t>(), asked.at("mid").get<uint16_t>(),
                             token);
  for (const Json& option : asked.at("options")) {
    writer.Add(option[0].get<uint16_t>(), BytesOf(option[1]));
  }
  const coap::Written written = writer.Payload(BytesOf(asked.at("payload"))).Finish();
  return HexOrError(written.error, Bytes(out).first(written.size));
}

Json Parse(const Json& asked) {
  const std::vector<std::byte> datagram = BytesOf(asked.at("hex"));
  coap::Message message;
  const Error error = coap::ParseMessage(datagram, message);
  if (!error.ok()) return {{"error", Name(error.fault)}};
  Json options = Json::array();
  coap::OptionReader reader(message.options);
  coap::Option option;
  while (reader.Next(option)) options.push_back({option.number, CompactHex(option.value)});
  return {{"type", static_cast<int>(message.type)},
          {"code", message.code},
          {"mid", message.message_id},
          {"token", CompactHex(message.token)},
          {"options", options},
          {"payload", CompactHex(message.payload)}};
}

lwm2m::Type TypeOf(const std::string& name) {
  for (size_t i = 0; i < std::size(kTypes); ++i) {
    if (kTypes[i] == name) return static_cast<lwm2m::Type>(i);
  }
  return lwm2m::Type::kUnknown;
}

// `room` keeps the bytes that the entries view.
void ReadValues(const Json& values, std::vector<std::vector<std::byte>>& room,
                lwm2m::Entries& out) {
  for (const Json& value : values) {
    lwm2m::Entry entry;
    lwm2m::Path::Parse(value[0].get<std::string>(), entry.path);
    entry.value.type = TypeOf(value[1].get<std::string>());
    const Json& given = value[2];
    switch (entry.value.type) {
      case lwm2m::Type::kString: {
        const auto text = given.get<std::string>();
        const Bytes bytes = std::as_bytes(std::span(text.data(), text.size()));
        room.emplace_back(bytes.begin(), bytes.end());
        entry.value.bytes = room.back();
        break;
      }
      case lwm2m::Type::kOpaque:
        room.push_back(BytesOf(given));
        entry.value.bytes = room.back();
        break;
      case lwm2m::Type::kFloat:
        entry.value.real = given.get<double>();
        break;
      case lwm2m::Type::kBoolean:
        entry.value.integer = given.get<bool>() ? 1 : 0;
        break;
      case lwm2m::Type::kObjectLink:
        entry.value.integer = lwm2m::ReadObjectLink(given.get<std::string>()).value_or(0);
        break;
      default:
        entry.value.integer = given.get<int64_t>();
    }
    out.push_back(entry);
  }
}

Json WriteValues(const Json& asked) {
  std::vector<std::vector<std::byte>> room;
  lwm2m::Entries entries;
  ReadValues(asked.at("values"), room, entries);
  const std::span<const lwm2m::Entry> span(entries.begin(), entries.size());
  lwm2m::Path base;
  lwm2m::Path::Parse(asked.at("base").get<std::string>(), base);
  std::vector<std::byte> out(kRoom);
  const std::span<char> text(reinterpret_cast<char*>(out.data()), out.size());
  const std::string format = asked.at("format");
  const lwm2m::Written written = format == "tlv"          ? lwm2m::WriteTlv(span, base, out)
                                 : format == "senml-cbor" ? lwm2m::WriteSenmlCbor(span, base, out)
                                 : format == "senml-json" ? lwm2m::WriteSenmlJson(span, base, text)
                                                          : lwm2m::WriteJson(span, base, text);
  return HexOrError(written.error, Bytes(out).first(written.size));
}

Json ValueOf(const lwm2m::Entry& entry) {
  const lwm2m::Value& value = entry.value;
  switch (value.type) {
    case lwm2m::Type::kString:
      return Text(value.bytes);
    case lwm2m::Type::kOpaque:
    case lwm2m::Type::kUnknown:
      return CompactHex(value.bytes);
    case lwm2m::Type::kFloat:
      return value.real;
    case lwm2m::Type::kBoolean:
      return value.integer != 0;
    case lwm2m::Type::kObjectLink:
      return lwm2m::ObjectLinkText(value.integer).view();
    default:
      return value.integer;
  }
}

Json ReadValues(const Json& asked) {
  const std::vector<std::byte> content = BytesOf(asked.at("hex"));
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  lwm2m::Path base;
  lwm2m::Path::Parse(asked.at("base").get<std::string>(), base);
  static lwm2m::NamedReader reader;
  lwm2m::Entries entries;
  const std::string format = asked.at("format");
  const Error error = format == "tlv"          ? lwm2m::ReadTlv(content, base, entries)
                      : format == "senml-cbor" ? reader.ReadSenmlCbor(content, entries)
                      : format == "senml-json" ? reader.ReadSenmlJson(text, entries)
                                               : reader.ReadJson(text, base, entries);
  if (!error.ok()) return {{"error", Name(error.fault)}};
  Json values = Json::array();
  for (const lwm2m::Entry& entry : entries) {
    values.push_back({entry.path.Text().view(), kTypes[static_cast<size_t>(entry.value.type)],
                      entry.rejected ? Json() : ValueOf(entry)});
  }
  return {{"values", values}};
}

Json Answer(const std::string& line) {
  const Json asked = Json::parse(line);
  const std::string op = asked.at("op");
  if (op == "write") return Write(asked);
  if (op == "parse") return Parse(asked);
  if (op == "write_values") return WriteValues(asked);
  return ReadValues(asked);
}

}  // namespace
}  // namespace karez::protocols

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << karez::protocols::Answer(line).dump() << std::endl;
  }
}
