#include "libs/protocols/mbus/value.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

constexpr std::byte kOnes{0xFF};

Value Rejected(RejectReason reason) {
  Value value;
  value.reason = reason;
  return value;
}

Value Number(int64_t raw, int exponent) {
  Value value;
  value.type = Value::Type::kNumber;
  value.raw = raw;
  value.exponent = static_cast<int8_t>(exponent);
  return value;
}

// Counters never run to −1; a temperature or a flow may be −1.
bool IsCounter(const ValueKind& kind) {
  return !(kind.observed && kind.quantity == Quantity::kFlow) && kind.suffix != "c" &&
         kind.suffix != "k" && kind.suffix != "dbm";
}

Value ReadInteger(Bytes bytes, const ValueKind& kind, int exponent) {
  if (bytes.back() == std::byte{0xFF} && bytes.size() > 1 && IsFilled(bytes, kOnes) &&
      IsCounter(kind)) {
    return Rejected(RejectReason::kNoValue);
  }
  const uint64_t bits = LoadLowFirst(bytes);
  const auto shift = static_cast<int>(64 - 8 * bytes.size());
  if (kind.form == Form::kUnsigned && bytes.size() < 8) {
    return Number(static_cast<int64_t>(bits), exponent);
  }
  const int64_t raw = static_cast<int64_t>(bits << shift) >> shift;
  const int64_t least = INT64_MIN >> shift;
  if (raw == least) return Rejected(RejectReason::kNoValue);
  return Number(raw, exponent);
}

Value ReadBcd(Bytes bytes, int exponent) {
  uint64_t packed = LoadLowFirst(bytes);
  if (IsBcd(packed)) return Number(static_cast<int64_t>(FromBcd(packed)), exponent);
  if (IsFilled(bytes, kOnes)) return Rejected(RejectReason::kNoValue);
  const int top = static_cast<int>(8 * bytes.size() - 4);
  if (packed >> top != 0xF) return Rejected(RejectReason::kNotBcd);
  packed &= (uint64_t{1} << top) - 1;
  if (!IsBcd(packed)) return Rejected(RejectReason::kNotBcd);
  return Number(-static_cast<int64_t>(FromBcd(packed)), exponent);
}

// The shortest decimal number that gives the same 32-bit float: what the meter meant to say.
Value ReadReal(Bytes bytes, int scale) {
  const auto real = std::bit_cast<float>(static_cast<uint32_t>(LoadLowFirst(bytes)));
  if (!std::isfinite(real)) return Rejected(RejectReason::kNoValue);
  std::array<char, 24> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), real, std::chars_format::scientific);
  int64_t raw = 0;
  int exponent = 0;
  bool fraction = false;
  const char* at = text.data();
  for (; *at != 'e'; ++at) {
    if (*at == '.') {
      fraction = true;
    } else if (*at != '-') {
      raw = raw * 10 + (*at - '0');
      exponent -= fraction ? 1 : 0;
    }
  }
  int power = 0;
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end.ptr, power);
  if (text[0] == '-') raw = -raw;
  if (raw == 0) return Number(0, scale);
  return Number(raw, exponent + power + scale);
}

Value ReadVariable(const Record& record, const ValueKind& kind, int exponent) {
  Value value;
  value.type = record.length <= 0xBF ? Value::Type::kText : Value::Type::kBytes;
  const Bytes bytes = record.value;
  if (record.length < 0xC0 || bytes.empty() || bytes.size() > 8) return value;
  if (record.length <= 0xDF) {
    const uint64_t packed = LoadLowFirst(bytes);
    if (!IsBcd(packed)) return Rejected(RejectReason::kNotBcd);
    const auto raw = static_cast<int64_t>(FromBcd(packed));
    return Number(record.length < 0xD0 ? raw : -raw, exponent);
  }
  if (record.length <= 0xEF) return ReadInteger(bytes, kind, exponent);
  return value;
}

Value ReadBits(const Record& record) {
  Value value;
  value.type = Value::Type::kBits;
  value.raw = static_cast<int64_t>(LoadLowFirst(record.value));
  return value;
}

uint8_t Bits(std::byte b, int shift, unsigned mask) {
  return static_cast<uint8_t>(std::to_integer<unsigned>(b) >> shift & mask);
}

// Seven bits of year: 00…80 are 2000…2080, 81…99 are 1981…1999, for which we have no clock.
uint16_t Year(std::byte low, std::byte high) {
  const int year = Bits(low, 5, 7) | Bits(high, 4, 15) << 3;
  return static_cast<uint16_t>(year > 80 && year < 100 ? 1900 + year : 2000 + year);
}

void ReadDay(std::byte low, std::byte high, LocalTime& out) {
  out.day = Bits(low, 0, 0x1F);
  out.month = Bits(high, 0, 0x0F);
  out.year = Year(low, high);
}

}  // namespace

Value ReadTime(Bytes bytes) {
  Value value;
  if (IsFilled(bytes, kOnes)) return value;
  bool invalid = false;
  if (bytes.size() == 2) {
    value.type = Value::Type::kDate;
    ReadDay(bytes[0], bytes[1], value.time);
  } else if (bytes.size() == 4) {
    value.type = Value::Type::kTime;
    value.time.minute = Bits(bytes[0], 0, 0x3F);
    invalid = Bits(bytes[0], 7, 1) != 0;
    value.time.hour = Bits(bytes[1], 0, 0x1F);
    ReadDay(bytes[2], bytes[3], value.time);
  } else if (bytes.size() == 6) {
    value.type = Value::Type::kTimeSeconds;
    value.time.second = Bits(bytes[0], 0, 0x3F);
    value.time.minute = Bits(bytes[1], 0, 0x3F);
    invalid = Bits(bytes[1], 7, 1) != 0;
    value.time.hour = Bits(bytes[2], 0, 0x1F);
    ReadDay(bytes[3], bytes[4], value.time);
  } else if (bytes.size() == 3) {
    value.type = Value::Type::kTimeOfDay;
    value.time = {
        2000, 1, 1, Bits(bytes[2], 0, 0x1F), Bits(bytes[1], 0, 0x3F), Bits(bytes[0], 0, 0x3F)};
  } else {
    return Rejected(RejectReason::kOutOfRange);
  }
  if (value.time.day == 0 || value.time.month == 0) return Rejected(RejectReason::kNoValue);
  if (invalid || !IsValid(value.time)) return Rejected(RejectReason::kOutOfRange);
  return value;
}

bool StoreTime(const LocalTime& time, std::byte* out, size_t size) {
  if (!IsValid(time) || time.year > 2080 || (size != 2 && size != 4 && size != 6)) return false;
  const unsigned year = time.year - 2000u;
  const auto put = [&out](unsigned byte) { *out++ = static_cast<std::byte>(byte); };
  if (size == 6) put(time.second);
  if (size >= 4) {
    put(time.minute);
    put(time.hour);
  }
  put(time.day | (year & 7) << 5);
  put(time.month | year >> 3 << 4);
  if (size == 6) put(0);
  return true;
}

Value ReadValue(const Record& record, const Meaning& meaning) {
  const ValueKind& kind = *meaning.kind;
  const int exponent = meaning.exponent;
  if (meaning.record_error != 0) return Rejected(RejectReason::kNoValue);
  const size_t size = record.value.size();
  switch (record.coding) {
    case Coding::kNoData:
    case Coding::kReadout:
      return {};
    case Coding::kReal:
      return ReadReal(record.value, exponent);
    case Coding::kVariable:
      return ReadVariable(record, kind, exponent);
    case Coding::kBcd2:
    case Coding::kBcd4:
    case Coding::kBcd6:
    case Coding::kBcd8:
    case Coding::kBcd12:
      return kind.form == Form::kBits ? ReadBits(record) : ReadBcd(record.value, exponent);
    case Coding::kInt8:
    case Coding::kInt16:
    case Coding::kInt24:
    case Coding::kInt32:
    case Coding::kInt48:
    case Coding::kInt64:
      break;
  }
  if (kind.form == Form::kTime || (kind.form == Form::kDate && size != 1)) {
    return ReadTime(record.value);
  }
  if (kind.form == Form::kBits) return ReadBits(record);
  return ReadInteger(record.value, kind, exponent);
}

bool RecordWriter::AddNumber(Record record, int64_t raw) {
  std::byte value[8];
  size_t size = 0;
  bool bcd = false;
  switch (record.coding) {
    case Coding::kInt8:
    case Coding::kInt16:
    case Coding::kInt24:
    case Coding::kInt32:
      size = static_cast<size_t>(record.coding);
      break;
    case Coding::kInt48:
      size = 6;
      break;
    case Coding::kInt64:
      size = 8;
      break;
    case Coding::kBcd2:
    case Coding::kBcd4:
    case Coding::kBcd6:
    case Coding::kBcd8:
      bcd = true;
      size = static_cast<size_t>(record.coding) - 8;
      break;
    case Coding::kBcd12:
      bcd = true;
      size = 6;
      break;
    default:
      return false;
  }
  if (bcd) {
    const size_t digits = 2 * size - (raw < 0 ? 1 : 0);
    const uint64_t magnitude =
        raw < 0 ? 0 - static_cast<uint64_t>(raw) : static_cast<uint64_t>(raw);
    if (magnitude >= kPowersOfTen[digits]) return false;
    const uint64_t sign = raw < 0 ? uint64_t{0xF} << (8 * size - 4) : 0;
    StoreLowFirst(ToBcd(magnitude) | sign, value, size);
  } else {
    const auto shift = static_cast<int>(64 - 8 * size);
    const auto bits = static_cast<uint64_t>(raw) << shift;
    if (static_cast<int64_t>(bits) >> shift != raw) return false;
    StoreLowFirst(static_cast<uint64_t>(raw), value, size);
  }
  record.value = Bytes(value, size);
  return Add(record);
}

bool RecordWriter::AddReal(Record record, float value) {
  std::byte bytes[4];
  StoreLowFirst(std::bit_cast<uint32_t>(value), bytes, sizeof bytes);
  record.value = bytes;
  return record.coding == Coding::kReal && Add(record);
}

bool RecordWriter::AddTime(Record record, const LocalTime& time) {
  std::byte bytes[6];
  const size_t size = record.coding == Coding::kInt16   ? 2
                      : record.coding == Coding::kInt32 ? 4
                      : record.coding == Coding::kInt48 ? 6
                                                        : 0;
  if (!StoreTime(time, bytes, size)) return false;
  record.value = Bytes(bytes, size);
  return Add(record);
}

bool RecordWriter::AddText(Record record, std::string_view text) {
  std::byte bytes[0xBF];
  if (record.coding != Coding::kVariable || text.size() > sizeof bytes) return false;
  std::transform(text.rbegin(), text.rend(), bytes, [](char c) { return std::byte(c); });
  record.length = static_cast<uint8_t>(text.size());
  record.value = Bytes(bytes, text.size());
  return Add(record);
}

}  // namespace karez::protocols::mbus
