#include "libs/protocols/modbus/map.h"

#include <bit>
#include <cmath>

#include "libs/protocols/bcd.h"

namespace karez::protocols::modbus {
namespace {

// Beyond this a double does not hold every whole number.
constexpr double kLargest = 9007199254740992.0;

Bytes BytesAt(uint16_t address, size_t registers, const Read& read, Bytes data) {
  return data.subspan(size_t{2} * static_cast<size_t>(address - read.start), 2 * registers);
}

void Reject(Value& value, RejectReason reason) {
  value.rejected = true;
  value.reason = reason;
}

// `bits` of a float, times 10^decimals, rounded half away from zero.
bool ToWhole(uint32_t bits, uint8_t decimals, int64_t& out, RejectReason& reason) {
  const auto number = static_cast<double>(std::bit_cast<float>(bits));
  const double scaled = number * static_cast<double>(kPowersOfTen[decimals]);
  if (std::isnan(number)) {
    reason = RejectReason::kNoValue;
    return false;
  }
  if (!(std::fabs(scaled) < kLargest)) {
    reason = RejectReason::kOutOfRange;
    return false;
  }
  out = std::llround(scaled);
  return true;
}

void ReadFloat(uint32_t bits, const Point& point, Value& value) {
  value.exponent = static_cast<int8_t>(point.exponent - point.decimals);
  if (!ToWhole(bits, point.decimals, value.raw, value.reason)) Reject(value, value.reason);
}

// Whole part and fraction stand in registers of their own.
void AddFraction(const Point& point, const Read& read, Bytes data, Value& value) {
  int64_t fraction = 0;
  const uint32_t bits = Load32(BytesAt(*point.fraction, 2, read, data), point.order);
  if (!ToWhole(bits, point.decimals, fraction, value.reason)) return Reject(value, value.reason);
  value.raw = value.raw * static_cast<int64_t>(kPowersOfTen[point.decimals]) + fraction;
  value.exponent = static_cast<int8_t>(point.exponent - point.decimals);
}

// A register's greatest number, and its most negative one, stand for "no value".
void ReadWhole(uint64_t bits, int width, bool is_signed, Value& value) {
  const uint64_t sign = uint64_t{1} << (width - 1);
  const uint64_t none = is_signed ? sign : (sign << 1) - 1;
  if (bits == none) return Reject(value, RejectReason::kNoValue);
  value.raw = static_cast<int64_t>(bits);
  if (is_signed && (bits & sign) != 0) value.raw -= static_cast<int64_t>(sign) * 2;
}

uint64_t LoadBig(Bytes bytes) {
  uint64_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint64_t>(b);
  return value;
}

void ReadBcd(Bytes bytes, Value& value) {
  const uint64_t packed = LoadBig(bytes);
  if (IsFilled(bytes, std::byte{0xFF})) return Reject(value, RejectReason::kNoValue);
  if (!IsBcd(packed)) return Reject(value, RejectReason::kNotBcd);
  value.raw = static_cast<int64_t>(FromBcd(packed));
}

void ReadTime(const Point& point, Bytes bytes, Value& value) {
  if (IsFilled(bytes, std::byte{0}) || IsFilled(bytes, std::byte{0xFF})) {
    return Reject(value, RejectReason::kNoValue);
  }
  unsigned century = 20;
  unsigned year = 0;
  const std::string_view parts = point.parts.view();
  for (size_t i = 0; i < parts.size() && i < bytes.size(); ++i) {
    auto part = std::to_integer<unsigned>(bytes[i]);
    if (parts[i] == '-') continue;
    if (!point.binary) {
      if (!IsBcd(part)) return Reject(value, RejectReason::kNotBcd);
      part = static_cast<unsigned>(FromBcd(part));
    }
    const auto small = static_cast<uint8_t>(part);
    if (parts[i] == 'C') century = part;
    if (parts[i] == 'Y') year = part;
    if (parts[i] == 'M') value.time.month = small;
    if (parts[i] == 'W') value.weekday = small;
    if (parts[i] == 'D') value.time.day = small;
    if (parts[i] == 'h') value.time.hour = small;
    if (parts[i] == 'm') value.time.minute = small;
    if (parts[i] == 's') value.time.second = small;
  }
  value.time.year = static_cast<uint16_t>(century * 100 + year);
  if (year > 99 || !IsValid(value.time)) Reject(value, RejectReason::kOutOfRange);
}

void ObservePoint(const Point& point, const Read& read, Bytes data, size_t data_offset,
                  Observation& out) {
  for (uint8_t index = 0; index < point.repeat; ++index) {
    const Value value = ReadValue(point, index, read, data);
    const Place place = {
        static_cast<uint16_t>(data_offset + static_cast<size_t>(value.bytes.data() - data.data())),
        static_cast<uint16_t>(value.bytes.size())};
    if (point.type == Type::kTime) {
      out.device_time = value.rejected ? LocalTime{} : value.time;
      out.time_quality = !value.rejected                          ? TimeQuality::kStated
                         : value.reason == RejectReason::kNoValue ? TimeQuality::kNoClock
                                                                  : TimeQuality::kInvalid;
    }
    if (value.rejected) {
      const bool is_time = point.type == Type::kTime;
      out.rejections.push_back(
          {is_time ? "meter_time" : Name(point.quantity), value.reason, place});
      continue;
    }
    if (!point.observed) continue;
    Register seen;
    seen.quantity = point.quantity;
    seen.storage = point.storage;
    seen.storage_index = static_cast<uint8_t>(point.storage_index + index);
    seen.exponent = value.exponent;
    seen.unit = point.unit;
    seen.place = place;
    seen.raw = value.raw;
    out.registers.push_back(seen);
  }
}

Kind KindOf(const Message& message, const Read* read) {
  if (message.direction == Direction::kRequest) return Kind::kRequest;
  if (message.exception != 0) return Kind::kRefused;
  if (!IsRead(message.function)) return Kind::kAcknowledged;
  if (read == nullptr || read->purpose == Purpose::kOther) return Kind::kParameter;
  return read->purpose == Purpose::kCurrent ? Kind::kReading : Kind::kHistory;
}

}  // namespace

const Read* Profile::FindRead(Purpose purpose) const {
  for (const Read& read : reads) {
    if (read.purpose == purpose) return &read;
  }
  return nullptr;
}

const Read* Profile::ReadOf(const Message& answer) const {
  if (answer.direction != Direction::kResponse || answer.exception != 0) return nullptr;
  for (const Read& read : reads) {
    if (read.function == answer.function && read.count == answer.count) return &read;
  }
  return nullptr;
}

Value ReadValue(const Point& point, uint8_t index, const Read& read, Bytes registers) {
  Value value;
  const auto address = static_cast<uint16_t>(point.address + index * point.registers);
  value.bytes = BytesAt(address, point.registers, read, registers);
  value.exponent = point.exponent;
  switch (point.type) {
    case Type::kU16:
    case Type::kI16:
      ReadWhole(LoadBig16(value.bytes), 16, point.type == Type::kI16, value);
      break;
    case Type::kU32:
    case Type::kI32:
      ReadWhole(Load32(value.bytes, point.order), 32, point.type == Type::kI32, value);
      if (!value.rejected && point.fraction) AddFraction(point, read, registers, value);
      break;
    case Type::kF32:
      ReadFloat(Load32(value.bytes, point.order), point, value);
      break;
    case Type::kBcd:
      ReadBcd(value.bytes, value);
      break;
    case Type::kHex:
      if (point.registers <= 4) value.raw = static_cast<int64_t>(LoadBig(value.bytes));
      break;
    case Type::kTime:
      ReadTime(point, value.bytes, value);
      break;
  }
  return value;
}

void Observe(const Message& message, const Profile& profile, const Read* read, size_t data_offset,
             Observation& out) {
  out.Clear();
  out.kind = KindOf(message, read);
  char unit[3];
  size_t digits = 0;
  for (const unsigned power : {100u, 10u, 1u}) {
    if (message.unit < power && power > 1) continue;
    unit[digits++] = static_cast<char>('0' + message.unit / power % 10);
  }
  out.device_id = FixedText<40>(std::string_view(unit, digits));
  out.control = message.function;
  out.identifier = read != nullptr ? read->start : message.start;
  out.sequence = message.transaction;
  if (message.exception != 0) out.status = message.exception;
  if (out.kind == Kind::kRequest || message.exception != 0 || read == nullptr) return;
  for (const Point& point : profile.points) {
    const int registers = point.registers * point.repeat;
    if (!read->Holds(point.address, static_cast<uint16_t>(registers))) continue;
    if (point.fraction && !read->Holds(*point.fraction, 2)) continue;
    ObservePoint(point, *read, message.data, data_offset, out);
  }
  for (const Status& status : profile.status) {
    if (!read->Holds(status.address, 1)) continue;
    const uint16_t word = LoadBig16(BytesAt(status.address, 1, *read, message.data));
    if (!out.status) out.status = word;
    ApplyStatus(word, status.rules, out);
  }
}

}  // namespace karez::protocols::modbus
