// Our LoRaWAN encoder, for the conformance run: one question a line of standard input, one answer a
// line. Numbers are hexadecimal texts, most significant digit first, unless told otherwise.
//   {"op": "seal", "mtype": 2, "dev_addr", "flags": 128, "fcnt": 70000, "fopts", "fport": 1 | null,
//    "payload", "nwk", "app"}
//   {"op": "join_request", "join_eui", "dev_eui", "dev_nonce", "key"}
//   {"op": "join_accept", "app_nonce", "net_id", "dev_addr", "dl_settings", "rx_delay": 1,
//   "cf_list",
//    "key"}
// Answer: {"hex"}, or {"error": "VALUE", "position"}.
#include <algorithm>
#include <array>
#include <iostream>
#include <string>

#include "libs/protocols/explain/explain.h"
#include "libs/protocols/explain/json_text.h"
#include "libs/protocols/lorawan/security.h"

namespace karez::protocols {
namespace {

std::vector<std::byte> BytesOf(const Json& asked, const char* name) {
  std::vector<std::byte> bytes;
  ParseHex(asked.value(name, ""), bytes);
  return bytes;
}

uint64_t NumberOf(const Json& asked, const char* name) {
  return std::stoull(asked.at(name).get<std::string>(), nullptr, 16);
}

crypto::Key128 KeyOf(const Json& asked, const char* name) {
  crypto::Key128 key{};
  const std::vector<std::byte> bytes = BytesOf(asked, name);
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
  return key;
}

Json Answer(const lorawan::Written& written, Bytes out) {
  if (!written.error.ok()) {
    return {{"error", Name(written.error.fault)}, {"position", written.error.position}};
  }
  return {{"hex", CompactHex(out.first(written.size))}};
}

Json Seal(const Json& asked) {
  const auto dev_addr = static_cast<uint32_t>(NumberOf(asked, "dev_addr"));
  lorawan::Session session(dev_addr, {KeyOf(asked, "nwk"), KeyOf(asked, "app")});
  const std::vector<std::byte> options = BytesOf(asked, "fopts");
  const std::vector<std::byte> payload = BytesOf(asked, "payload");
  lorawan::Data frame;
  frame.type = static_cast<lorawan::MType>(asked.at("mtype").get<int>());
  frame.flags = asked.at("flags").get<uint8_t>();
  frame.options = options;
  if (!asked.at("fport").is_null()) frame.port = asked.at("fport").get<uint8_t>();
  frame.payload = payload;
  std::array<std::byte, lorawan::kMaxPhy> out;
  return Answer(session.Seal(frame, asked.at("fcnt").get<uint32_t>(), out), out);
}

Json JoinRequest(const Json& asked) {
  lorawan::Aes128 key(KeyOf(asked, "key"));
  lorawan::JoinRequest request;
  request.join_eui = NumberOf(asked, "join_eui");
  request.dev_eui = NumberOf(asked, "dev_eui");
  request.dev_nonce = static_cast<uint16_t>(NumberOf(asked, "dev_nonce"));
  std::array<std::byte, lorawan::kMaxPhy> out;
  return Answer(lorawan::SealJoinRequest(key, request, out), out);
}

Json JoinAccept(const Json& asked) {
  lorawan::Aes128 key(KeyOf(asked, "key"));
  lorawan::JoinAccept accept;
  accept.app_nonce = static_cast<uint32_t>(NumberOf(asked, "app_nonce"));
  accept.net_id = static_cast<uint32_t>(NumberOf(asked, "net_id"));
  accept.dev_addr = static_cast<uint32_t>(NumberOf(asked, "dev_addr"));
  accept.dl_settings = static_cast<uint8_t>(NumberOf(asked, "dl_settings"));
  accept.rx_delay = asked.at("rx_delay").get<uint8_t>();
  const std::vector<std::byte> channels = BytesOf(asked, "cf_list");
  if (channels.size() == lorawan::kChannelListSize) {
    std::copy(channels.begin(), channels.end(), accept.channels.emplace().begin());
  }
  std::array<std::byte, lorawan::kMaxPhy> out;
  return Answer(lorawan::SealJoinAccept(key, accept, out), out);
}

Json Encode(const Json& asked) {
  const auto op = asked.at("op").get<std::string>();
  if (op == "seal") return Seal(asked);
  if (op == "join_request") return JoinRequest(asked);
  return JoinAccept(asked);
}

}  // namespace
}  // namespace karez::protocols

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << karez::protocols::Encode(karez::protocols::Json::parse(line)).dump() << "\n"
              << std::flush;
  }
}
