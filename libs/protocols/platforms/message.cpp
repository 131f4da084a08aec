#include "libs/protocols/platforms/message.h"

#include <cstring>

#include "libs/protocols/base64.h"
#include "libs/protocols/platforms/values.h"

namespace karez::protocols::platforms {
namespace {

// Multiply and fold: 64 × 64 → 128 bits, high half into the low one.
uint64_t Mix(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

class Hash {
 public:
  void Add(Bytes bytes) {
    AddNumber(bytes.size());
    while (bytes.size() >= 8) {
      AddNumber(Load(bytes.first(8)));
      bytes = bytes.subspan(8);
    }
    if (!bytes.empty()) AddNumber(Load(bytes));
  }
  void Add(std::string_view text) { Add(std::as_bytes(std::span(text.data(), text.size()))); }
  void AddNumber(uint64_t number) {
    low_ = Mix(low_ ^ number, 0x9E3779B97F4A7C15u);
    high_ = Mix(high_ + number, 0xC2B2AE3D27D4EB4Fu) ^ low_;
  }
  DedupKey Finish() const {
    DedupKey key;
    Store(Mix(low_ ^ 0x165667B19E3779F9u, high_), key.data());
    Store(Mix(high_ ^ 0x27D4EB2F165667C5u, low_ + 1), key.data() + 8);
    return key;
  }

 private:
  static uint64_t Load(Bytes bytes) {  // little-endian on every machine
    uint64_t number = 0;
    for (size_t i = bytes.size(); i > 0; --i) {
      number = number << 8 | std::to_integer<uint64_t>(bytes[i - 1]);
    }
    return number;
  }
  static void Store(uint64_t number, std::byte* out) {
    for (int i = 0; i < 8; ++i) out[i] = static_cast<std::byte>(number >> (8 * i) & 0xFF);
  }

  uint64_t low_ = 0x243F6A8885A308D3u;
  uint64_t high_ = 0x13198A2E03707344u;
};

}  // namespace

std::string_view Name(Platform platform) {
  constexpr std::string_view kNames[] = {"ctwing", "onenet", "huawei-iotda", "oceanconnect"};
  return kNames[static_cast<size_t>(platform)];
}

std::string_view Name(Kind kind) {
  constexpr std::string_view kNames[] = {"data",   "property",         "event", "online", "offline",
                                         "status", "command_response", "device"};
  return kNames[static_cast<size_t>(kind)];
}

DedupKey DedupKeyOf(const PlatformMessage& message) {
  Hash hash;
  hash.AddNumber(static_cast<uint64_t>(message.platform));
  hash.AddNumber(static_cast<uint64_t>(message.kind));
  hash.Add(message.device_id);
  hash.Add(message.imei);
  hash.Add(message.message_id);
  hash.AddNumber(static_cast<uint64_t>(message.time_ms));
  hash.Add(message.task_id);
  hash.Add(message.result);
  hash.Add(message.service_id);
  hash.Add(message.payload);
  for (const Property& property : message.properties) {
    hash.Add(property.service);
    hash.Add(property.name);
    hash.AddNumber(static_cast<uint64_t>(property.type));
    hash.AddNumber(static_cast<uint64_t>(property.raw));
    hash.AddNumber(static_cast<uint64_t>(property.exponent));
    hash.Add(property.text);
    hash.AddNumber(static_cast<uint64_t>(property.time_ms));
  }
  return hash.Finish();
}

PushReader::PushReader() : payload_(4096) {}

bool PushReader::DecodePayload(std::string_view base64, PlatformMessage& out) {
  const size_t room = Base64DecodedSize(base64.size());
  if (payload_.size() < room) payload_.resize(room);
  const Base64Result decoded = DecodeBase64(base64, payload_);
  if (!decoded.error.ok()) return false;
  out.payload = Bytes(payload_).first(decoded.size);
  return true;
}

std::string_view PushReader::TextOf(const json::Value& value, std::array<char, 24>& room) {
  if (const auto text = value.String()) return *text;
  if (const auto number = value.Integer()) return NumberText(*number, room);
  return {};
}

}  // namespace karez::protocols::platforms
