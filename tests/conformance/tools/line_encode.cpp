// Our encoders of the line protocols, for the conformance runs: one question a line of standard
// input, one answer a line.
//   {"protocol": "dlt645", "address", "control": "91", "di": "00010000", "length", "values": [1,
//   …],
//    "wake_up"}          values go into the fields in their order; null leaves one as it is
//   {"protocol": "modbus-rtu" | "modbus-tcp", "direction", "transaction", "unit", "fc", "start",
//    "count", "value", "exception", "data": "0012"}
//   {"protocol": "words", "order": "abcd", "value": 1206984704}
// Answer: {"hex"}, or {"error": "VALUE", "position"}.
#include <array>
#include <iostream>
#include <string>

#include "libs/protocols/dlt645/message.h"
#include "libs/protocols/explain/explain.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/modbus/frame.h"

namespace karez::protocols {
namespace {

Json Answer(const Error& error, Bytes frame) {
  if (!error.ok()) return {{"error", Name(error.fault)}, {"position", error.position}};
  return {{"hex", Hex(frame)}};
}

uint32_t HexOf(const Json& asked, const char* key) {
  return static_cast<uint32_t>(std::stoul(asked.value(key, "0"), nullptr, 16));
}

Json EncodeDlt645(const Json& asked) {
  dlt645::Address address;
  if (!dlt645::Address::Parse(asked.at("address").get<std::string>(), address)) {
    return {{"error", "address"}};
  }
  dlt645::Message message;
  const Error error =
      dlt645::StartMessage({}, address, static_cast<uint8_t>(HexOf(asked, "control")),
                           HexOf(asked, "di"), asked.value("length", size_t{0}), message);
  if (!error.ok()) return Answer(error, {});
  size_t index = 0;
  for (const Json& value : asked.value("values", Json::array())) {
    if (!value.is_null() && !dlt645::SetValue(message, index, value.get<int64_t>())) {
      return {{"error", "value"}, {"position", index}};
    }
    ++index;
  }
  std::array<std::byte, dlt645::kMaxFrame + 8> out;
  const dlt645::Written written =
      dlt645::WriteMessage(message, asked.value("wake_up", size_t{0}), out);
  return Answer(written.error, Bytes(out).first(written.size));
}

Json EncodeModbus(const Json& asked, bool tcp) {
  std::vector<std::byte> data;
  if (!ParseHex(asked.value("data", ""), data)) return {{"error", "data"}};
  modbus::Message message;
  message.direction =
      asked.at("direction") == "request" ? Direction::kRequest : Direction::kResponse;
  message.transaction = asked.value("transaction", uint16_t{0});
  message.unit = asked.value("unit", uint8_t{0});
  message.function = asked.value("fc", uint8_t{0});
  message.start = asked.value("start", uint16_t{0});
  message.count = asked.value("count", uint16_t{0});
  message.value = asked.value("value", uint16_t{0});
  message.exception = asked.value("exception", uint8_t{0});
  message.data = data;
  std::array<std::byte, modbus::kMaxTcp> out;
  const modbus::Written written =
      tcp ? modbus::WriteTcp(message, out) : modbus::WriteRtu(message, out);
  return Answer(written.error, Bytes(out).first(written.size));
}

Json EncodeWords(const Json& asked) {
  constexpr std::pair<std::string_view, modbus::WordOrder> kOrders[] = {
      {"abcd", modbus::WordOrder::kAbcd},
      {"cdab", modbus::WordOrder::kCdab},
      {"badc", modbus::WordOrder::kBadc},
      {"dcba", modbus::WordOrder::kDcba}};
  std::byte out[4];
  for (const auto& [name, order] : kOrders) {
    if (asked.at("order") != name) continue;
    modbus::Store32(asked.at("value").get<uint32_t>(), order, out);
    return {{"hex", Hex(out)}};
  }
  return {{"error", "order"}};
}

Json Encode(const Json& asked) {
  const auto protocol = asked.at("protocol").get<std::string>();
  if (protocol == "dlt645") return EncodeDlt645(asked);
  if (protocol == "words") return EncodeWords(asked);
  return EncodeModbus(asked, protocol == "modbus-tcp");
}

}  // namespace
}  // namespace karez::protocols

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << karez::protocols::Encode(karez::protocols::Json::parse(line)).dump() << "\n";
  }
}
