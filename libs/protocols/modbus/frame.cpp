#include "libs/protocols/modbus/frame.h"

#include <algorithm>

namespace karez::protocols::modbus {
namespace {

constexpr size_t kCrcSize = 2;

// Most coils or registers of one frame.
uint16_t Limit(uint8_t function) {
  switch (function) {
    case kReadCoils:
    case kReadDiscreteInputs:
      return 2000;
    case kReadHoldingRegisters:
    case kReadInputRegisters:
      return 125;
    case kWriteCoils:
      return 1968;
    case kWriteRegisters:
      return 123;
    default:
      return 1;
  }
}

size_t DataSize(uint8_t function, uint16_t count) {
  return OfCoils(function) ? (count + size_t{7}) / 8 : size_t{count} * 2;
}

bool IsFunction(uint8_t function) {
  return IsRead(function) || function == kWriteCoil || function == kWriteRegister ||
         function == kWriteCoils || function == kWriteRegisters;
}

bool WritesMany(uint8_t function) { return function == kWriteCoils || function == kWriteRegisters; }

Error BadCount(size_t at, uint16_t count) {
  return {Fault::kLayout, static_cast<uint16_t>(at), 0, count};
}

Error ParseReadAnswer(Bytes pdu, Message& out) {
  out.data = pdu.subspan(2);
  const size_t size = out.data.size();
  const bool coils = OfCoils(out.function);
  out.count = static_cast<uint16_t>(coils ? size * 8 : size / 2);
  if (size == 0 || size > 250 || (!coils && size % 2 != 0)) {
    return BadCount(1, static_cast<uint16_t>(size));
  }
  return {};
}

Error ParseWriteMany(Bytes pdu, Message& out) {
  out.data = pdu.subspan(6);
  if (out.data.size() != DataSize(out.function, out.count)) return BadCount(3, out.count);
  return {};
}

// The RTU frame's size at the head of `data`: 0 none, or more bytes are needed when `more`.
size_t RtuSize(Bytes data, Direction direction, bool& more) {
  more = data.size() < 2;
  if (more) return 0;
  const auto function = std::to_integer<uint8_t>(data[1]);
  if (!IsFunction(function & 0x7F)) return 0;
  const size_t pdu = PduSize(data.subspan(1), direction);
  if (pdu == 0) {
    const bool exception = (function & kExceptionBit) != 0;
    more = !(exception && direction == Direction::kRequest) && data.size() < 8;
    return 0;
  }
  if (direction == Direction::kResponse && IsRead(function)) {
    const auto bytes = std::to_integer<unsigned>(data[2]);
    if (bytes == 0 || bytes > 250 || (!OfCoils(function) && bytes % 2 != 0)) return 0;
  }
  const size_t size = 1 + pdu + kCrcSize;
  return size > kMaxRtu ? 0 : size;
}

}  // namespace

size_t PduSize(Bytes head, Direction direction) {
  if (head.empty()) return 0;
  const auto function = std::to_integer<uint8_t>(head[0]);
  const auto byte_count = [head](size_t at) {
    return at < head.size() ? at + 1 + std::to_integer<size_t>(head[at]) : 0;
  };
  if ((function & kExceptionBit) != 0) {
    const bool known = IsFunction(function & 0x7F) && direction == Direction::kResponse;
    return known ? 2 : 0;
  }
  if (!IsFunction(function)) return 0;
  if (direction == Direction::kResponse) return IsRead(function) ? byte_count(1) : 5;
  return WritesMany(function) ? byte_count(5) : 5;
}

Error ParsePdu(Bytes pdu, Direction direction, Message& out) {
  if (pdu.empty()) return {Fault::kShort, 0, 2, 0};
  const auto code = std::to_integer<uint8_t>(pdu[0]);
  out.direction = direction;
  out.function = code & 0x7F;
  out.exception = 0;
  out.data = {};
  const bool exception = (code & kExceptionBit) != 0;
  if (!IsFunction(out.function) || (exception && direction != Direction::kResponse)) {
    return {Fault::kControl, 0, 0, code};
  }
  const size_t size = PduSize(pdu, direction);
  if (size == 0 || pdu.size() != size) {
    const Fault fault = pdu.size() < size || size == 0 ? Fault::kShort : Fault::kLength;
    return {fault, static_cast<uint16_t>(std::min(pdu.size(), size)), static_cast<uint32_t>(size),
            static_cast<uint32_t>(pdu.size())};
  }
  if (exception) {
    out.exception = std::to_integer<uint8_t>(pdu[1]);
    return out.exception == 0 ? Error{Fault::kLayout, 1, 1, 0} : Error{};
  }
  if (direction == Direction::kResponse && IsRead(out.function)) return ParseReadAnswer(pdu, out);
  out.start = LoadBig16(pdu.subspan(1));
  const uint16_t word = LoadBig16(pdu.subspan(3));
  if (out.function == kWriteCoil || out.function == kWriteRegister) {
    out.count = 1;
    out.value = word;
    const bool sound = out.function == kWriteRegister || word == kCoilOn || word == 0;
    return sound ? Error{} : Error{Fault::kLayout, 3, kCoilOn, word};
  }
  out.count = word;
  if (word == 0 || word > Limit(out.function)) return BadCount(3, word);
  if (direction == Direction::kRequest && WritesMany(out.function)) return ParseWriteMany(pdu, out);
  return {};
}

Error ParseRtu(Bytes frame, Direction direction, Message& out) {
  if (frame.size() < 1 + kCrcSize + 1) {
    return {Fault::kShort, static_cast<uint16_t>(frame.size()), 5,
            static_cast<uint32_t>(frame.size())};
  }
  const size_t crc_at = frame.size() - kCrcSize;
  const uint16_t crc = Crc16(frame.first(crc_at));
  const auto computed = static_cast<uint16_t>(crc << 8 | crc >> 8);
  const uint16_t sent = LoadBig16(frame.subspan(crc_at));
  if (computed != sent) return {Fault::kChecksum, static_cast<uint16_t>(crc_at), computed, sent};
  out.unit = std::to_integer<uint8_t>(frame[0]);
  out.transaction = 0;
  Error error = ParsePdu(frame.subspan(1, crc_at - 1), direction, out);
  error.position = static_cast<uint16_t>(error.position + 1);
  return error;
}

Error ParseTcp(Bytes frame, Direction direction, Message& out) {
  const auto have = static_cast<uint32_t>(frame.size());
  if (frame.size() <= kTcpHeader) {
    return {Fault::kShort, static_cast<uint16_t>(have), kTcpHeader + 2, have};
  }
  const uint16_t protocol = LoadBig16(frame.subspan(2));
  if (protocol != 0) return {Fault::kStart, 2, 0, protocol};
  const uint16_t length = LoadBig16(frame.subspan(4));
  if (length < 3 || length > kMaxPdu + 1) return {Fault::kLength, 4, kMaxPdu + 1, length};
  if (have < length + 6u) return {Fault::kShort, static_cast<uint16_t>(have), length + 6u, have};
  if (have > length + 6u) return {Fault::kLength, 4, have - 6, length};
  out.transaction = LoadBig16(frame);
  out.unit = std::to_integer<uint8_t>(frame[6]);
  Error error = ParsePdu(frame.subspan(kTcpHeader), direction, out);
  error.position = static_cast<uint16_t>(error.position + kTcpHeader);
  return error;
}

Candidate RtuProbe::operator()(Bytes data) const {
  bool more = false;
  const size_t size = RtuSize(data, direction, more);
  if (size == 0) return {more ? Match::kMore : Match::kNo};
  if (data.size() < size) return {Match::kMore};
  const uint16_t crc = Crc16(data.first(size - kCrcSize));
  if (LoadBig16(data.subspan(size - kCrcSize)) != static_cast<uint16_t>(crc << 8 | crc >> 8)) {
    return {Match::kBadChecksum};
  }
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

// Without a checksum everything else has to fit.
Candidate TcpProbe::operator()(Bytes data) const {
  for (size_t at = 2; at < 4 && at < data.size(); ++at) {
    if (data[at] != std::byte{0}) return {};
  }
  if (data.size() < 6) return {Match::kMore};
  const size_t length = LoadBig16(data.subspan(4));
  if (length < 3 || length > kMaxPdu + 1) return {};
  const size_t size = 6 + length;
  if (data.size() > kTcpHeader) {
    const Bytes pdu = data.subspan(kTcpHeader, std::min(data.size(), size) - kTcpHeader);
    const auto function = std::to_integer<uint8_t>(pdu[0]);
    if (!IsFunction(function & 0x7F)) return {};
    const size_t wanted = PduSize(pdu, direction);
    if (wanted == 0 && (pdu.size() >= 6 || (function & kExceptionBit) != 0)) return {};
    if (wanted != 0 && wanted != length - 1) return {};
  }
  if (data.size() < size) return {Match::kMore};
  Message message;
  if (!ParseTcp(data.first(size), direction, message).ok()) return {};
  return {Match::kFrame, static_cast<uint16_t>(size)};
}

uint32_t Load32(Bytes four, WordOrder order) {
  const uint32_t first = LoadBig16(four);
  const uint32_t second = LoadBig16(four.subspan(2));
  const auto swapped = [](uint32_t word) { return (word & 0xFF) << 8 | word >> 8; };
  switch (order) {
    case WordOrder::kAbcd:
      return first << 16 | second;
    case WordOrder::kCdab:
      return second << 16 | first;
    case WordOrder::kBadc:
      return swapped(first) << 16 | swapped(second);
    case WordOrder::kDcba:
      return swapped(second) << 16 | swapped(first);
  }
  return 0;
}

void Store32(uint32_t value, WordOrder order, std::byte* out) {
  std::byte abcd[4];
  StoreBig16(static_cast<uint16_t>(value >> 16), abcd);
  StoreBig16(static_cast<uint16_t>(value & 0xFFFF), abcd + 2);
  // Each order is its own inverse.
  const uint32_t sent = Load32(abcd, order);
  StoreBig16(static_cast<uint16_t>(sent >> 16), out);
  StoreBig16(static_cast<uint16_t>(sent & 0xFFFF), out + 2);
}

}  // namespace karez::protocols::modbus
