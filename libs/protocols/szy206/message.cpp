#include "libs/protocols/szy206/message.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::szy206 {
namespace {

using Top = ValueSpec::Top;

constexpr size_t kTail = 9;  // alarm, state, stamp
constexpr size_t kStamp = 5;

constexpr ValueSpec kRain[] = {{"rain", "mm", 3, 1}};
constexpr ValueSpec kLevel[] = {{"level", "m", 4, 3, Top::kSign}};
constexpr ValueSpec kFlow[] = {
    {"flow", "m3/h", 5, 3, Top::kSign, Unit::kCubicMetrePerHour, Quantity::kFlow},
    {"total", "m3", 5, 0, Top::kTenths, Unit::kCubicMetre, Quantity::kVolume}};
constexpr ValueSpec kVelocity[] = {{"velocity", "m/s", 3, 3, Top::kSign}};
constexpr ValueSpec kGate[] = {{"gate", "m", 3, 2}};
constexpr ValueSpec kPower[] = {
    {"power", "kW", 3, 0, Top::kDigit, Unit::kKilowatt, Quantity::kPower}};
constexpr ValueSpec kAirPressure[] = {{"air_pressure", "hPa", 3, 0}};
constexpr ValueSpec kWind[] = {{"wind", "m/s", 3, 2, Top::kDirection}};
constexpr ValueSpec kWaterTemperature[] = {
    {"water_temp", "C", 2, 1, Top::kSign, Unit::kCelsius, Quantity::kTemperature}};
constexpr ValueSpec kQuality[] = {{"quality", "", 3, 0, Top::kSign}};
constexpr ValueSpec kSoil[] = {{"soil_moisture", "%", 2, 1}};
constexpr ValueSpec kEvaporation[] = {{"evaporation", "mm", 3, 1}};
constexpr ValueSpec kWaterPressure[] = {
    {"pressure", "kPa", 4, 2, Top::kDigit, Unit::kPascal, Quantity::kPressure, 3}};

// What the bits of a composite announce, from the lowest.
constexpr uint8_t kCompositeKinds[] = {kKindQuality, kKindSoil, kKindPower, kKindWind,
                                       kKindGate,    kKindFlow, kKindLevel, kKindRain};

struct FunctionRow {
  uint8_t function;
  std::string_view name;
};
constexpr FunctionRow kFunctions[] = {
    {kLinkTest, "link_test"}, {kPicture, "picture"},        {kAlarm, "alarm"},
    {kQuery, "query"},        {kSelfReport, "self_report"}, {0x82, "manual"},
};

constexpr std::string_view kAlarmNames[kAlarmBits] = {
    "mains_lost",  "battery",  "level", "flow",    "quality",     "flow_meter_fault", "pump",
    "level_gauge", "pressure", "",      "ic_card", "fixed_value", "remaining_water",  "door"};

void ReadValue(Value& value) {
  const ValueSpec& spec = *value.spec;
  value.exponent = static_cast<int8_t>(-spec.decimals);
  const auto reject = [&value](RejectReason reason) {
    value.rejected = true;
    value.reason = reason;
  };
  if (IsFilled(value.bytes, std::byte{0xAA}) || IsFilled(value.bytes, std::byte{0xFF})) {
    return reject(RejectReason::kNoValue);
  }
  uint64_t packed = LoadLowFirst(value.bytes);
  const int top_shift = static_cast<int>(8 * value.bytes.size() - 4);
  const auto top = static_cast<uint8_t>(packed >> top_shift);
  if (spec.top == Top::kDirection) value.direction = top;
  const uint64_t kept = spec.top == Top::kDigit ? 0x0F : spec.top == Top::kDirection ? 0 : 0x07;
  packed = (packed & ((uint64_t{1} << top_shift) - 1)) | (top & kept) << top_shift;
  if (!IsBcd(packed)) return reject(RejectReason::kNotBcd);
  value.raw = static_cast<int64_t>(FromBcd(packed));
  const bool flag = (top & 8) != 0;
  if (spec.top == Top::kSign && flag) value.raw = -value.raw;
  if (spec.top == Top::kTenths && flag) --value.exponent;
}

size_t SizeOf(std::span<const ValueSpec> specs) {
  size_t size = 0;
  for (const ValueSpec& spec : specs) size += spec.size;
  return size;
}

// `at`: in the data.
void ReadGroup(std::span<const ValueSpec> specs, uint8_t group, size_t at, Message& out) {
  for (const ValueSpec& spec : specs) {
    Value value;
    value.spec = &spec;
    value.group = group;
    value.bytes = out.data.subspan(at, spec.size);
    value.place = {static_cast<uint16_t>(out.data_at + at), spec.size};
    ReadValue(value);
    out.values.push_back(value);
    at += spec.size;
  }
}

// A flow need not have its total behind it.
std::span<const ValueSpec> SpecsOf(uint8_t kind, bool total) {
  const std::span<const ValueSpec> specs = ValuesOf(kind);
  return kind == kKindFlow && !total ? specs.first(1) : specs;
}

bool ReadComposite(size_t size, Message& out) {
  if (size == 0) return false;
  const auto mask = std::to_integer<unsigned>(out.data[0]);
  for (const bool total : {true, false}) {
    size_t expected = 1;
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((mask >> bit & 1) != 0) expected += SizeOf(SpecsOf(kCompositeKinds[bit], total));
    }
    if (expected != size) continue;
    size_t at = 1;
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((mask >> bit & 1) == 0) continue;
      const std::span<const ValueSpec> specs = SpecsOf(kCompositeKinds[bit], total);
      ReadGroup(specs, 0, at, out);
      at += SizeOf(specs);
    }
    return true;
  }
  return false;
}

// The first `size` bytes of the data, as whole groups of the kind's values. False, and no values,
// when they are not.
bool ReadValues(size_t size, Message& out) {
  const uint8_t kind = out.header.kind;
  if (kind == kKindComposite) return ReadComposite(size, out);
  const std::span<const ValueSpec> specs = SpecsOf(kind, size % SizeOf(kFlow) == 0);
  const size_t group_size = SizeOf(specs);
  if (group_size == 0) return size == 0;
  if (size % group_size != 0 || size / group_size * specs.size() > Message::kMaxValues) {
    return false;
  }
  for (size_t at = 0; at < size; at += group_size) {
    ReadGroup(specs, static_cast<uint8_t>(at / group_size), at, out);
  }
  return true;
}

uint16_t LoadHighFirst(Bytes bytes) {
  return static_cast<uint16_t>(std::to_integer<unsigned>(bytes[0]) << 8 |
                               std::to_integer<unsigned>(bytes[1]));
}

Stamp ReadStamp(Bytes bytes) {
  uint8_t parts[4];
  bool bcd = true;
  for (size_t i = 0; i < 4; ++i) {
    const auto packed = std::to_integer<uint8_t>(bytes[i]);
    bcd = bcd && IsBcd(packed);
    parts[i] = static_cast<uint8_t>(FromBcd(packed));
  }
  Stamp stamp{parts[3], parts[2], parts[1], parts[0], std::to_integer<uint8_t>(bytes[4])};
  stamp.valid = bcd && stamp.day >= 1 && stamp.day <= 31 && stamp.hour < 24 && stamp.minute < 60 &&
                stamp.second < 60;
  return stamp;
}

void ReadReport(Message& out) {
  const Bytes data = out.data;
  const bool may_end = out.header.function == kQuery;  // with the values
  if (may_end && (data.size() < kTail || !ReadStamp(data.last(kStamp)).valid) &&
      ReadValues(data.size(), out)) {
    return;
  }
  if (data.size() < kTail) {
    out.trailing = data;
    return;
  }
  const size_t tail_at = data.size() - kTail;
  if (!ReadValues(tail_at, out)) {
    if (may_end && ReadValues(data.size(), out)) return;
    out.trailing = data.first(tail_at);
  }
  out.tail_at = tail_at;
  out.alarm = LoadHighFirst(data.subspan(tail_at));
  out.state = LoadHighFirst(data.subspan(tail_at + 2));
  out.stamp = ReadStamp(data.last(kStamp));
}

}  // namespace

std::span<const ValueSpec> ValuesOf(uint8_t kind) {
  switch (kind) {
    case kKindRain:
      return kRain;
    case kKindLevel:
      return kLevel;
    case kKindFlow:
      return kFlow;
    case kKindVelocity:
      return kVelocity;
    case kKindGate:
      return kGate;
    case kKindPower:
      return kPower;
    case kKindAirPressure:
      return kAirPressure;
    case kKindWind:
      return kWind;
    case kKindWaterTemperature:
      return kWaterTemperature;
    case kKindQuality:
      return kQuality;
    case kKindSoil:
      return kSoil;
    case kKindEvaporation:
      return kEvaporation;
    case kKindWaterPressure:
      return kWaterPressure;
    default:
      return {};
  }
}

std::string_view FunctionName(uint8_t function) {
  for (const FunctionRow& row : kFunctions) {
    if (row.function == function) return row.name;
  }
  return "";
}

std::string_view AlarmName(int bit) { return bit < kAlarmBits ? kAlarmNames[bit] : ""; }

bool HasAlarm(uint16_t alarm_as_sent, int bit) {
  const auto word = static_cast<uint16_t>(alarm_as_sent << 8 | alarm_as_sent >> 8);
  return (word >> bit & 1) != 0;
}

Error ParseMessage(Bytes frame, Message& out) {
  if (const Error error = ParseLink(frame, out.header, out.data); !error.ok()) return error;
  out.data_at = 3 + out.header.Size();
  out.values.clear();
  out.alarm.reset();
  out.state.reset();
  out.stamp.reset();
  out.code.reset();
  out.picture = {};
  out.trailing = {};
  out.tail_at = 0;
  if (out.header.picture) {
    out.picture = out.data;
    return {};
  }
  if (out.data.size() == 1) {
    out.code = std::to_integer<uint8_t>(out.data[0]);
    return {};
  }
  const uint8_t function = out.header.function;
  const bool report = function == kSelfReport || function == kQuery || function == kAlarm;
  if (out.header.up && report && !out.header.divided) {
    ReadReport(out);
  } else {
    out.trailing = out.data;
  }
  return {};
}

void Observe(const Message& message, Observation& out) {
  out = Observation{};
  out.device_id = message.header.Address();
  out.device_type = message.header.kind;
  out.control = message.header.Control();
  out.identifier = message.header.function;
  out.kind = !message.header.up                         ? Kind::kRequest
             : !message.values.empty() || message.alarm ? Kind::kReading
                                                        : Kind::kAcknowledged;
  if (!message.header.up) return;
  for (const Value& value : message.values) {
    if (value.spec->inner == Unit::kNone) continue;
    if (value.rejected) {
      out.rejections.push_back({value.spec->name, value.reason, value.place});
      continue;
    }
    Register reading;
    reading.quantity = value.spec->quantity;
    reading.storage_index = value.group;
    reading.exponent = static_cast<int8_t>(value.exponent + value.spec->exponent);
    reading.unit = value.spec->inner;
    reading.place = value.place;
    reading.raw = value.raw;
    out.registers.push_back(reading);
  }
  if (message.alarm) {
    out.status = static_cast<uint32_t>(*message.alarm) << 16 | *message.state;
    if (HasAlarm(*message.alarm, 1)) {
      out.battery = BatteryState::kLow;
      out.alarms.Add(Alarm::kBatteryLow);
    }
    if (HasAlarm(*message.alarm, 5)) out.alarms.Add(Alarm::kMeterFault);
    if (HasAlarm(*message.alarm, 13)) out.alarms.Add(Alarm::kTamper);
  }
}

bool WriteValue(const ValueSpec& spec, int64_t raw, std::span<std::byte> out) {
  if (out.size() < spec.size) return false;
  if (raw == kAbsent) {
    std::fill_n(out.begin(), spec.size, std::byte{0xAA});
    return true;
  }
  const bool negative = raw < 0;
  if (negative && spec.top != Top::kSign) return false;
  const auto magnitude = static_cast<uint64_t>(negative ? -raw : raw);
  // Three bits of the top nibble hold a digit up to 7 where the fourth is a flag.
  const uint64_t unit = kPowersOfTen[2 * spec.size - 1];
  const uint64_t limit = spec.top == Top::kDigit       ? 10 * unit
                         : spec.top == Top::kDirection ? unit
                                                       : 8 * unit;
  if (magnitude >= limit) return false;
  StoreLowFirst(ToBcd(magnitude), out.data(), spec.size);
  if (negative) out[spec.size - 1] |= std::byte{0x80};
  return true;
}

Written WriteAcknowledgement(const Header& received, std::span<std::byte> out) {
  Header header = received;
  header.up = false;
  const std::byte data[] = {std::byte{0x00}};
  return WriteLink(header, data, out);
}

Written WriteQuery(const std::array<uint8_t, 5>& address, uint8_t kind, std::span<std::byte> out) {
  Header header;
  header.up = false;
  header.kind = kind;
  header.address = address;
  header.function = kQuery;
  return WriteLink(header, {}, out);
}

Written WriteReport(const Header& header, Bytes values, uint16_t alarm, uint16_t state,
                    const Stamp& stamp, std::span<std::byte> out) {
  std::array<std::byte, kMaxUserData> data;
  if (values.size() + kTail > data.size()) {
    return {{Fault::kValue, 1, kMaxUserData, static_cast<uint32_t>(values.size())}};
  }
  std::byte* at = std::copy(values.begin(), values.end(), data.data());
  for (const unsigned word : {unsigned{alarm}, unsigned{state}}) {
    *at++ = static_cast<std::byte>(word >> 8);
    *at++ = static_cast<std::byte>(word & 0xFF);
  }
  for (const unsigned part : {stamp.second, stamp.minute, stamp.hour, stamp.day}) {
    *at++ = static_cast<std::byte>(ToBcd(part % 100));
  }
  *at++ = std::byte{stamp.delay_minutes};
  return WriteLink(header, Bytes(data.data(), at), out);
}

}  // namespace karez::protocols::szy206
