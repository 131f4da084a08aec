#include "libs/protocols/envelope/envelope.h"

#include <algorithm>

namespace karez::protocols::envelope {
namespace {

constexpr std::byte kMagic[] = {std::byte{0x4B}, std::byte{0x5A}};
constexpr size_t kVersionAt = 2;
constexpr size_t kTypeAt = 3;
constexpr size_t kTerminalAt = 4;
constexpr size_t kSequenceAt = 12;
constexpr size_t kLengthAt = 16;
constexpr size_t kRegisterFixed = 4;
constexpr size_t kAcknowledgeSize = 6;

constexpr std::array<uint16_t, 256> MakeCrcTable() {
  std::array<uint16_t, 256> table{};
  for (unsigned i = 0; i < table.size(); ++i) {
    unsigned crc = i << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    table[i] = static_cast<uint16_t>(crc & 0xFFFF);
  }
  return table;
}
constexpr std::array<uint16_t, 256> kCrcTable = MakeCrcTable();

uint32_t LoadBig(Bytes bytes) {
  uint32_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint32_t>(b);
  return value;
}

void StoreBig(uint32_t value, std::byte* out, size_t size) {
  for (size_t i = size; i > 0; --i, value >>= 8) out[i - 1] = static_cast<std::byte>(value & 0xFF);
}

bool IsType(uint8_t type) {
  return type >= static_cast<uint8_t>(Type::kRegister) &&
         type <= static_cast<uint8_t>(Type::kAcknowledge);
}

}  // namespace

uint16_t Crc16(Bytes bytes) {
  unsigned crc = 0xFFFF;
  for (const std::byte b : bytes) {
    crc = (crc << 8 & 0xFFFF) ^ kCrcTable[crc >> 8 ^ std::to_integer<unsigned>(b)];
  }
  return static_cast<uint16_t>(crc);
}

bool TerminalId::Parse(std::string_view text, TerminalId& out) {
  if (text.empty() || text.size() > 16) return false;
  uint64_t value = 0;
  for (const char c : text) {
    unsigned digit = 0;
    if (c >= '0' && c <= '9') {
      digit = static_cast<unsigned>(c - '0');
    } else if (c >= 'A' && c <= 'F') {
      digit = static_cast<unsigned>(c - 'A') + 10;
    } else if (c >= 'a' && c <= 'f') {
      digit = static_cast<unsigned>(c - 'a') + 10;
    } else {
      return false;
    }
    value = value << 4 | digit;
  }
  for (size_t i = out.wire.size(); i > 0; --i, value >>= 8) {
    out.wire[i - 1] = static_cast<uint8_t>(value & 0xFF);
  }
  return true;
}

FixedText<16> TerminalId::Text() const {
  constexpr char kDigits[] = "0123456789ABCDEF";
  FixedText<16> text;
  for (const uint8_t b : wire) {
    text.push_back(kDigits[b >> 4]);
    text.push_back(kDigits[b & 0xF]);
  }
  return text;
}

Candidate Probe::operator()(Bytes data) const {
  if (data[0] != kMagic[0]) return {};
  if (data.size() < 2) return {Match::kMore};
  if (data[1] != kMagic[1]) return {};
  if (data.size() < kHeaderSize) return {Match::kMore};
  const size_t length = LoadBig(data.subspan(kLengthAt, 2));
  if (length > kMaxPayload) return {};
  const size_t size = kOverhead + length;
  if (data.size() < size) return {Match::kMore};
  if (LoadBig(data.subspan(size - 2, 2)) != Crc16(data.first(size - 2))) {
    return {Match::kBadChecksum};
  }
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

Error Decode(Bytes bytes, Message& out) {
  if (bytes.size() < kOverhead) {
    return {Fault::kShort, static_cast<uint16_t>(bytes.size()), kOverhead,
            static_cast<uint32_t>(bytes.size())};
  }
  if (bytes[0] != kMagic[0] || bytes[1] != kMagic[1]) {
    return {Fault::kStart, 0, 0x4B5A, LoadBig(bytes.first(2))};
  }
  const auto version = std::to_integer<uint8_t>(bytes[kVersionAt]);
  if (version != kVersion) return {Fault::kVersion, kVersionAt, kVersion, version};
  const auto type = std::to_integer<uint8_t>(bytes[kTypeAt]);
  if (!IsType(type)) return {Fault::kControl, kTypeAt, 0, type};
  const uint32_t length = LoadBig(bytes.subspan(kLengthAt, 2));
  if (length > kMaxPayload || bytes.size() != kOverhead + length) {
    return {Fault::kLength, kLengthAt, static_cast<uint32_t>(bytes.size() - kOverhead), length};
  }
  const size_t crc_at = bytes.size() - 2;
  const uint16_t computed = Crc16(bytes.first(crc_at));
  const uint32_t sent = LoadBig(bytes.subspan(crc_at, 2));
  if (computed != sent) return {Fault::kChecksum, static_cast<uint16_t>(crc_at), computed, sent};
  out.type = static_cast<Type>(type);
  for (size_t i = 0; i < out.terminal.wire.size(); ++i) {
    out.terminal.wire[i] = std::to_integer<uint8_t>(bytes[kTerminalAt + i]);
  }
  out.sequence = LoadBig(bytes.subspan(kSequenceAt, 4));
  out.payload = bytes.subspan(kHeaderSize, length);
  return {};
}

Error DecodeRegister(Bytes payload, RegisterPayload& out) {
  if (payload.size() < kRegisterFixed || payload.size() > kRegisterFixed + 32) {
    return {Fault::kLayout, kHeaderSize, kRegisterFixed, static_cast<uint32_t>(payload.size())};
  }
  out.oldest_unacknowledged = LoadBig(payload.first(4));
  out.firmware = {};
  for (size_t i = kRegisterFixed; i < payload.size(); ++i) {
    const auto c = std::to_integer<uint8_t>(payload[i]);
    if (c < 0x20 || c > 0x7E) {
      return {Fault::kValue, static_cast<uint16_t>(kHeaderSize + i), 0, c};
    }
    out.firmware.push_back(static_cast<char>(c));
  }
  return {};
}

Error DecodeAcknowledge(Bytes payload, AcknowledgePayload& out) {
  if (payload.size() != kAcknowledgeSize) {
    return {Fault::kLayout, kHeaderSize, kAcknowledgeSize, static_cast<uint32_t>(payload.size())};
  }
  const auto type = std::to_integer<uint8_t>(payload[0]);
  if (!IsType(type) || type == static_cast<uint8_t>(Type::kAcknowledge)) {
    return {Fault::kValue, kHeaderSize, 0, type};
  }
  const auto outcome = std::to_integer<uint8_t>(payload[1]);
  if (outcome > static_cast<uint8_t>(Outcome::kRefused)) {
    return {Fault::kValue, kHeaderSize + 1, 0, outcome};
  }
  out.acknowledged = static_cast<Type>(type);
  out.outcome = static_cast<Outcome>(outcome);
  out.server_time_s = LoadBig(payload.subspan(2, 4));
  return {};
}

Written Encode(const Message& message, std::span<std::byte> out) {
  if (message.payload.size() > kMaxPayload) {
    return {{Fault::kValue, kLengthAt, kMaxPayload, static_cast<uint32_t>(message.payload.size())}};
  }
  const size_t size = kOverhead + message.payload.size();
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  out[0] = kMagic[0];
  out[1] = kMagic[1];
  out[kVersionAt] = std::byte{kVersion};
  out[kTypeAt] = static_cast<std::byte>(message.type);
  for (size_t i = 0; i < message.terminal.wire.size(); ++i) {
    out[kTerminalAt + i] = std::byte{message.terminal.wire[i]};
  }
  StoreBig(message.sequence, out.data() + kSequenceAt, 4);
  StoreBig(static_cast<uint32_t>(message.payload.size()), out.data() + kLengthAt, 2);
  std::copy(message.payload.begin(), message.payload.end(), out.begin() + kHeaderSize);
  StoreBig(Crc16(out.first(size - 2)), out.data() + size - 2, 2);
  return {{}, size};
}

Written EncodeRegister(const TerminalId& terminal, uint32_t sequence,
                       const RegisterPayload& payload, std::span<std::byte> out) {
  std::byte bytes[kRegisterFixed + 32];
  StoreBig(payload.oldest_unacknowledged, bytes, 4);
  size_t size = kRegisterFixed;
  for (const char c : payload.firmware.view()) bytes[size++] = static_cast<std::byte>(c);
  return Encode({Type::kRegister, terminal, sequence, Bytes(bytes, size)}, out);
}

Written EncodeAcknowledge(const Message& to, Outcome outcome, uint32_t server_time_s,
                          std::span<std::byte> out) {
  std::byte bytes[kAcknowledgeSize];
  bytes[0] = static_cast<std::byte>(to.type);
  bytes[1] = static_cast<std::byte>(outcome);
  StoreBig(server_time_s, bytes + 2, 4);
  return Encode({Type::kAcknowledge, to.terminal, to.sequence, Bytes(bytes, sizeof bytes)}, out);
}

}  // namespace karez::protocols::envelope
