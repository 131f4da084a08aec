#include "libs/protocols/door.h"

#include <optional>

#include "libs/protocols/modbus/map.h"

namespace karez::protocols {
namespace {

using modbus::Message;

constexpr size_t kRtuDataAt = 3;
constexpr size_t kTcpDataAt = modbus::kTcpHeader + 2;

struct Framing {
  Error (*parse)(Bytes, Direction, Message&);
  modbus::Written (*write)(const Message&, std::span<std::byte>);
  size_t data_at;
};
constexpr Framing kRtu = {modbus::ParseRtu, modbus::WriteRtu, kRtuDataAt};
constexpr Framing kTcp = {modbus::ParseTcp, modbus::WriteTcp, kTcpDataAt};

template <const Framing& kFraming>
Error DecodeFrame(const MeterProfile& profile, Bytes frame, Observation& out) {
  Message message;
  const Error error = kFraming.parse(frame, Direction::kResponse, message);
  if (!error.ok()) return error;
  const modbus::Read* read = profile.modbus.ReadOf(message);
  // Registers of a read that the profile does not have mean nothing.
  if (modbus::IsRead(message.function) && message.exception == 0 && read == nullptr) {
    return {Fault::kIdentifier, static_cast<uint16_t>(kFraming.data_at - 1), 0, message.count};
  }
  modbus::Observe(message, profile.modbus, read, kFraming.data_at, out);
  return {};
}

template <const Framing& kFraming>
Error ReadId(Bytes frame, FixedText<40>& out) {
  Message message;
  const Error error = kFraming.parse(frame, Direction::kResponse, message);
  if (!error.ok()) return error;
  Observation seen;
  modbus::Observe(message, {}, nullptr, 0, seen);
  out = seen.device_id;
  return {};
}

// 1…255 in decimal, without leading zeros; 0 is for all.
std::optional<uint8_t> UnitOf(std::string_view text) {
  if (text.empty() || text.size() > 3 || text[0] == '0') return std::nullopt;
  unsigned unit = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    unit = unit * 10 + static_cast<unsigned>(c - '0');
  }
  if (unit > 255) return std::nullopt;
  return static_cast<uint8_t>(unit);
}

bool IsId(std::string_view text) { return UnitOf(text).has_value(); }

template <const Framing& kFraming>
Encoded WriteQuestion(const MeterProfile& profile, std::string_view device_id, Ask ask,
                      uint32_t sequence, std::span<std::byte> out) {
  const modbus::Read* read = nullptr;
  if (ask == Ask::kCurrent) read = profile.modbus.FindRead(modbus::Purpose::kCurrent);
  if (ask == Ask::kSettlement) read = profile.modbus.FindRead(modbus::Purpose::kSettlement);
  if (read == nullptr) return {{Fault::kNotSupported}};
  const std::optional<uint8_t> unit = UnitOf(device_id);
  if (!unit) return {{Fault::kValue, 0, 255, 0}};
  Message message;
  message.direction = Direction::kRequest;
  message.unit = *unit;
  message.transaction = static_cast<uint16_t>(sequence & 0xFFFF);
  message.function = read->function;
  message.start = read->start;
  message.count = read->count;
  const modbus::Written written = kFraming.write(message, out);
  return {written.error, written.size};
}

template <const Framing& kFraming>
Encoded WriteValve(const MeterProfile& profile, std::string_view device_id, ValveCommand command,
                   uint32_t sequence, std::span<std::byte> out) {
  const modbus::Valve& valve = profile.modbus.valve;
  std::optional<uint16_t> code;
  if (command == ValveCommand::kOpen) code = valve.open;
  if (command == ValveCommand::kClose) code = valve.close;
  if (!valve.present || !code) return {{Fault::kNotSupported}};
  const std::optional<uint8_t> unit = UnitOf(device_id);
  if (!unit) return {{Fault::kValue, 0, 255, 0}};
  std::byte word[2];
  modbus::StoreBig16(*code, word);
  Message message;
  message.direction = Direction::kRequest;
  message.unit = *unit;
  message.transaction = static_cast<uint16_t>(sequence & 0xFFFF);
  message.function = valve.function;
  message.start = valve.address;
  message.count = 1;
  message.value = *code;
  message.data = word;
  const modbus::Written written = kFraming.write(message, out);
  return {written.error, written.size};
}

// The probe finds only what devices send, so a question's echo is never a frame.
bool NeverAQuestion(Bytes) { return false; }

}  // namespace

const Door kModbusRtuDoor = {
    .probe = [](Bytes data) { return modbus::RtuProbe{}(data); },
    .decode = DecodeFrame<kRtu>,
    .read_device_id = ReadId<kRtu>,
    .is_device_id = IsId,
    .is_request = NeverAQuestion,
    .encode_request = WriteQuestion<kRtu>,
    .encode_valve = WriteValve<kRtu>,
};

const Door kModbusTcpDoor = {
    .probe = [](Bytes data) { return modbus::TcpProbe{}(data); },
    .decode = DecodeFrame<kTcp>,
    .read_device_id = ReadId<kTcp>,
    .is_device_id = IsId,
    .is_request = NeverAQuestion,
    .encode_request = WriteQuestion<kTcp>,
    .encode_valve = WriteValve<kTcp>,
};

}  // namespace karez::protocols
