#include <algorithm>

#include "libs/protocols/modbus/frame.h"

namespace karez::protocols::modbus {
namespace {

Written Refuse(size_t position, uint32_t found) {
  return {{Fault::kValue, static_cast<uint16_t>(position), 0, found}};
}

// The PDU into `pdu`; what is no sound PDU is refused by reading it again.
Written Build(const Message& message, std::span<std::byte, kMaxPdu> pdu) {
  pdu[0] = std::byte{message.function};
  if (message.exception != 0) {
    pdu[0] |= std::byte{kExceptionBit};
    pdu[1] = std::byte{message.exception};
    return {{}, 2};
  }
  const bool answer = message.direction == Direction::kResponse;
  const bool single = message.function == kWriteCoil || message.function == kWriteRegister;
  const bool with_data = answer ? IsRead(message.function) : !single && !IsRead(message.function);
  size_t size = 1;
  if (!(answer && IsRead(message.function))) {
    StoreBig16(message.start, &pdu[1]);
    StoreBig16(single ? message.value : message.count, &pdu[3]);
    size = 5;
  }
  if (!with_data) return {{}, size};
  if (message.data.size() > 250 || size + 1 + message.data.size() > kMaxPdu) {
    return Refuse(size, static_cast<uint32_t>(message.data.size()));
  }
  pdu[size++] = static_cast<std::byte>(message.data.size());
  std::ranges::copy(message.data, &pdu[size]);
  return {{}, size + message.data.size()};
}

}  // namespace

Written WritePdu(const Message& message, std::span<std::byte> out) {
  std::byte pdu[kMaxPdu];
  const Written built = Build(message, pdu);
  if (!built.error.ok()) return built;
  Message again;
  const Error error = ParsePdu(Bytes(pdu).first(built.size), message.direction, again);
  if (!error.ok()) return Refuse(error.position, error.found);
  if (out.size() < built.size) {
    return {{Fault::kBuffer, 0, static_cast<uint32_t>(built.size), 0}};
  }
  std::copy_n(pdu, built.size, out.begin());
  return built;
}

Written WriteRtu(const Message& message, std::span<std::byte> out) {
  if (out.size() < 3) return {{Fault::kBuffer, 0, kMaxRtu, 0}};
  out[0] = std::byte{message.unit};
  Written written = WritePdu(message, out.subspan(1, out.size() - 3));
  if (!written.error.ok()) {
    if (written.error.fault == Fault::kBuffer) written.error.expected += 3;
    return written;
  }
  const uint16_t crc = Crc16(out.first(1 + written.size));
  out[1 + written.size] = static_cast<std::byte>(crc & 0xFF);
  out[2 + written.size] = static_cast<std::byte>(crc >> 8);
  written.size += 3;
  return written;
}

Written WriteTcp(const Message& message, std::span<std::byte> out) {
  if (out.size() < kTcpHeader) return {{Fault::kBuffer, 0, kMaxTcp, 0}};
  Written written = WritePdu(message, out.subspan(kTcpHeader));
  if (!written.error.ok()) {
    if (written.error.fault == Fault::kBuffer) written.error.expected += kTcpHeader;
    return written;
  }
  StoreBig16(message.transaction, &out[0]);
  StoreBig16(0, &out[2]);
  StoreBig16(static_cast<uint16_t>(written.size + 1), &out[4]);
  out[6] = std::byte{message.unit};
  written.size += kTcpHeader;
  return written;
}

}  // namespace karez::protocols::modbus
