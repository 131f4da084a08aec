// The registers of a Modbus meter: what is asked for, and what the registers mean. Data only; files
// are under libs/protocols/profiles, read by libs/protocols/profiles_json. Immutable once loaded,
// shared between threads. All addresses are those of the wire, from 0.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/protocols/fixed.h"
#include "libs/protocols/modbus/frame.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/status_rule.h"

namespace karez::protocols::modbus {

enum class Purpose : uint8_t { kOther, kCurrent, kSettlement };

// Registers read by one request. Answers do not repeat the address: they are told by function and
// count, so no two reads of a profile have both in common.
struct Read {
  Purpose purpose = Purpose::kOther;
  uint8_t function = kReadHoldingRegisters;  // or kReadInputRegisters
  uint16_t start = 0;
  uint16_t count = 0;

  bool Holds(uint16_t address, uint16_t registers) const {
    return address >= start && address + registers <= start + count;
  }
};

enum class Type : uint8_t { kU16, kI16, kU32, kI32, kF32, kBcd, kHex, kTime };

// value = stored × 10^exponent unit. Floats are rounded to `decimals` places first.
struct Point {
  FixedText<24> name;
  uint16_t address = 0;
  uint8_t registers = 1;  // of one value: 1, 2, or 1…8 for kBcd (1…4), kHex and kTime
  uint8_t repeat = 1;     // values one behind the other: storage_index counts up
  Type type = Type::kU16;
  WordOrder order = WordOrder::kAbcd;
  bool observed = false;  // a register of the inner model
  Quantity quantity = Quantity::kVolume;
  Storage storage = Storage::kCurrent;
  uint8_t storage_index = 0;
  Unit unit = Unit::kNone;
  int8_t exponent = 0;
  uint8_t decimals = 3;              // kF32, and the fraction
  std::optional<uint16_t> fraction;  // where an F32 to be added to a kU32 or kI32 stands
  // kTime, one letter a byte: C century, Y year, M month, W weekday, D day, h, m, s, '-' nothing.
  FixedText<16> parts;
  bool binary = false;  // kTime: bytes are numbers, not BCD
};

struct Status {
  uint16_t address = 0;
  StatusRules rules;
};

struct Valve {
  bool present = false;
  uint8_t function = kWriteRegister;  // or kWriteRegisters
  uint16_t address = 0;
  std::optional<uint16_t> open;
  std::optional<uint16_t> close;
};

struct Profile {
  std::optional<uint8_t> unit;  // of all these meters, where it is always the same
  FixedVector<Read, 8> reads;
  FixedVector<Point, 32> points;
  FixedVector<Status, 4> status;
  Valve valve;

  const Read* FindRead(Purpose purpose) const;
  // The read that this message answers; null: none, or it is no such answer.
  const Read* ReadOf(const Message& answer) const;
};

}  // namespace karez::protocols::modbus
