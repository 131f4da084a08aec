// Modbus application protocol V1.1b3, master's and slave's side: functions 01 02 03 04 05 06 0F 10
// and exceptions, in the frames of RTU (serial line; also RTU over TCP behind a DTU) and TCP.
//
//   RTU  unit(1) PDU CRC-16(2, low byte first)      at most 256 bytes
//   TCP  transaction(2) protocol(2) = 0 length(2) unit(1) PDU      big-endian, no checksum
//
// A frame does not tell who sent it: the direction is given by the caller, never guessed. Addresses
// are those of the wire, from 0. Pure functions without allocation, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/protocols/direction.h"
#include "libs/protocols/error.h"
#include "libs/protocols/fixed.h"
#include "libs/protocols/framer.h"

namespace karez::protocols::modbus {

inline constexpr size_t kMaxPdu = 253;
inline constexpr size_t kMaxRtu = kMaxPdu + 3;
inline constexpr size_t kTcpHeader = 7;
inline constexpr size_t kMaxTcp = kMaxPdu + kTcpHeader;

enum Function : uint8_t {
  kReadCoils = 0x01,
  kReadDiscreteInputs = 0x02,
  kReadHoldingRegisters = 0x03,
  kReadInputRegisters = 0x04,
  kWriteCoil = 0x05,
  kWriteRegister = 0x06,
  kWriteCoils = 0x0F,
  kWriteRegisters = 0x10,
};
inline constexpr uint8_t kExceptionBit = 0x80;

inline constexpr bool IsRead(uint8_t function) { return function >= 0x01 && function <= 0x04; }
inline constexpr bool OfCoils(uint8_t function) {
  return function == kReadCoils || function == kReadDiscreteInputs || function == kWriteCoil ||
         function == kWriteCoils;
}
inline constexpr uint16_t kCoilOn = 0xFF00;

struct Message {
  Direction direction = Direction::kUnknown;
  uint8_t unit = 0;          // 0: broadcast, not answered
  uint8_t function = 0;      // without the exception bit
  uint8_t exception = 0;     // 0: none
  uint16_t transaction = 0;  // TCP
  uint16_t start = 0;        // first coil or register; absent in answers to reads
  // Coils or registers. In answers to reads of coils what their bytes hold, a multiple of 8.
  uint16_t count = 0;
  uint16_t value = 0;  // 05: FF00 on, 0000 off; 06: the register
  Bytes data;          // registers big-endian, or coils from bit 0 of the first byte; a view
};

// `pdu` is exactly one PDU; positions count from its start. kControl: function that is none of the
// above, or an exception in a request. kLength: the bytes are not as many as function and byte
// count ask for. kLayout: a count outside the protocol's limits, or 05 with another value than its
// two.
[[nodiscard]] Error ParsePdu(Bytes pdu, Direction direction, Message& out);

// `frame` is exactly one frame. kChecksum gives the CRC as it is sent, low byte first.
[[nodiscard]] Error ParseRtu(Bytes frame, Direction direction, Message& out);
[[nodiscard]] Error ParseTcp(Bytes frame, Direction direction, Message& out);

struct Written {
  Error error;
  size_t size = 0;
};
// kValue: a function or count that the protocol does not allow, or data of another size than count
// asks for. An exception needs exception != 0 and the direction kResponse.
[[nodiscard]] Written WritePdu(const Message& message, std::span<std::byte> out);
[[nodiscard]] Written WriteRtu(const Message& message, std::span<std::byte> out);
[[nodiscard]] Written WriteTcp(const Message& message, std::span<std::byte> out);

// CRC-16 with polynomial A001 (reflected), start FFFF.
uint16_t Crc16(Bytes bytes);

// Bytes of the PDU that begins with `head`, by its function and byte count; 0: no such function, or
// `head` ends before the byte count.
size_t PduSize(Bytes head, Direction direction);

// Find frames of one direction: `Framer<modbus::RtuProbe>`.
struct RtuProbe {
  static constexpr size_t kMaxFrame = kMaxRtu;
  Direction direction = Direction::kResponse;
  Candidate operator()(Bytes data) const;
};
struct TcpProbe {
  static constexpr size_t kMaxFrame = kMaxTcp;
  Direction direction = Direction::kResponse;
  Candidate operator()(Bytes data) const;
};

inline uint16_t LoadBig16(Bytes bytes) {
  return static_cast<uint16_t>(std::to_integer<unsigned>(bytes[0]) << 8 |
                               std::to_integer<unsigned>(bytes[1]));
}
inline void StoreBig16(uint16_t value, std::byte* out) {
  out[0] = static_cast<std::byte>(value >> 8);
  out[1] = static_cast<std::byte>(value & 0xFF);
}

// Order of the four bytes of a 32-bit value in its two registers; A is the most significant.
enum class WordOrder : uint8_t { kAbcd, kCdab, kBadc, kDcba };

uint32_t Load32(Bytes four, WordOrder order);
void Store32(uint32_t value, WordOrder order, std::byte* out);

}  // namespace karez::protocols::modbus
