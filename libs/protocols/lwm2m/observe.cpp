#include "libs/protocols/lwm2m/observe.h"

#include "libs/protocols/decimal.h"

namespace karez::protocols::lwm2m {
namespace {

enum class Meaning : uint8_t {
  kRegister,
  kAlarm,
  kSerialNumber,
  kDeviceTime,
  kBatteryLevel,
  kBatteryStatus,
  kErrorCode,
  kSignal,
  kValveOpening,
};

struct Rule {
  uint16_t object;
  uint16_t resource;
  Meaning meaning;
  Quantity quantity = Quantity::kVolume;
  Unit unit = Unit::kNone;
  int8_t exponent = 0;  // of the value as sent
  Alarm alarm = Alarm::kMeterFault;
};

constexpr Rule AlarmRule(uint16_t object, uint16_t resource, Alarm alarm) {
  return {object, resource, Meaning::kAlarm, Quantity::kVolume, Unit::kNone, 0, alarm};
}

constexpr Rule kRules[] = {
    {3, 2, Meaning::kSerialNumber},
    {3, 7, Meaning::kRegister, Quantity::kVoltage, Unit::kVolt, -3},
    {3, 9, Meaning::kBatteryLevel},
    {3, 11, Meaning::kErrorCode},
    {3, 13, Meaning::kDeviceTime},
    {3, 20, Meaning::kBatteryStatus},
    {4, 2, Meaning::kSignal},
    {3424, 1, Meaning::kRegister, Quantity::kVolume, Unit::kCubicMetre, 0},
    AlarmRule(3424, 9, Alarm::kLeak),
    AlarmRule(3424, 10, Alarm::kLeak),
    AlarmRule(3424, 11, Alarm::kReverseFlow),
    AlarmRule(3424, 12, Alarm::kMeterFault),
    AlarmRule(3424, 13, Alarm::kTamper),
    {3424, 5518, Meaning::kDeviceTime},
    {3425, 2, Meaning::kValveOpening},
    AlarmRule(10272, 6013, Alarm::kLeak),
    AlarmRule(10273, 6013, Alarm::kReverseFlow),
    AlarmRule(10274, 6013, Alarm::kEmptyPipe),
    AlarmRule(10275, 6013, Alarm::kTamper),
};

const Rule* FindRule(const Path& path) {
  for (const Rule& rule : kRules) {
    if (rule.object == path.object() && rule.resource == path.resource()) return &rule;
  }
  return nullptr;
}

std::string_view NameOf(const Path& path) {
  const ResourceSpec* spec = FindResource(path.object(), path.resource());
  return spec != nullptr ? spec->name : std::string_view();
}

// What the sender meant: a value that an IEEE single holds was one.
std::optional<DecimalNumber> DecimalOf(const Value& value) {
  if (value.type != Type::kFloat) return DecimalNumber{value.integer, 0};
  const auto single = static_cast<float>(value.real);
  return static_cast<double>(single) == value.real ? ToDecimal(single) : ToDecimal(value.real);
}

void AddRegister(const Entry& entry, const Rule& rule, Observation& out) {
  const auto decimal = DecimalOf(entry.value);
  if (!decimal || decimal->exponent + rule.exponent < INT8_MIN) {
    out.rejections.push_back({NameOf(entry.path), RejectReason::kOutOfRange, entry.place});
    return;
  }
  Register reading;
  reading.quantity = rule.quantity;
  reading.unit = rule.unit;
  reading.raw = decimal->raw;
  reading.exponent = static_cast<int8_t>(decimal->exponent + rule.exponent);
  reading.storage_index =
      entry.path.depth == 4 ? static_cast<uint8_t>(entry.path.ids[3] & 0xFF) : uint8_t{0};
  reading.place = entry.place;
  // Two of the same quantity: the first wins.
  if (out.Find(reading.quantity, reading.storage, reading.storage_index) == nullptr) {
    out.registers.push_back(reading);
  }
}

void SetDeviceTime(int64_t seconds, Observation& out) {
  out.device_time = UtcTime(seconds);
  out.time_quality = seconds == 0               ? TimeQuality::kNoClock
                     : IsValid(out.device_time) ? TimeQuality::kStated
                                                : TimeQuality::kInvalid;
}

void Apply(const Entry& entry, const Rule& rule, Observation& out) {
  constexpr int64_t kLowPercent = 10;
  const int64_t number = entry.value.integer;
  switch (rule.meaning) {
    case Meaning::kRegister:
      AddRegister(entry, rule, out);
      break;
    case Meaning::kAlarm:
      if (number != 0) out.alarms.Add(rule.alarm);
      break;
    case Meaning::kSerialNumber:
      out.device_id = FixedText<40>(std::string_view(
          reinterpret_cast<const char*>(entry.value.bytes.data()), entry.value.bytes.size()));
      break;
    case Meaning::kDeviceTime:
      SetDeviceTime(number, out);
      break;
    case Meaning::kBatteryLevel:  // percent
      if (number < 0 || number > 100) break;
      out.battery = number < kLowPercent ? BatteryState::kLow : BatteryState::kOk;
      if (number < kLowPercent) out.alarms.Add(Alarm::kBatteryLow);
      break;
    case Meaning::kBatteryStatus:  // 0 normal, 1 charging, 2 full, 3 damaged, 4 low, 5 none
      if (number == 4) out.alarms.Add(Alarm::kBatteryLow);
      if (number == 4) out.battery = BatteryState::kLow;
      if (number >= 0 && number <= 2) out.battery = BatteryState::kOk;
      break;
    case Meaning::kErrorCode:  // 0 none, 1 low battery, …
      if (number == 1) out.alarms.Add(Alarm::kBatteryLow);
      if (number == 1) out.battery = BatteryState::kLow;
      if (number > 1) out.alarms.Add(Alarm::kMeterFault);
      break;
    case Meaning::kSignal:
      if (number >= INT16_MIN && number <= INT16_MAX) {
        out.signal_dbm = static_cast<int16_t>(number);
      }
      break;
    case Meaning::kValveOpening:  // percent
      out.valve = number == 0     ? ValveState::kClosed
                  : number == 100 ? ValveState::kOpen
                                  : ValveState::kUnknown;
      break;
  }
}

}  // namespace

void Observe(std::span<const Entry> entries, Observation& out) {
  out = Observation{};
  for (const Entry& entry : entries) {
    const Rule* rule = FindRule(entry.path);
    if (rule == nullptr) continue;
    if (entry.rejected) {
      out.rejections.push_back({NameOf(entry.path), entry.reason, entry.place});
      continue;
    }
    Apply(entry, *rule, out);
  }
}

Bytes ApplicationData(std::span<const Entry> entries) {
  for (const Entry& entry : entries) {
    const uint16_t object = entry.path.object();
    const bool uplink = (object == 19 || object == 10250) && entry.path.resource() == 0;
    if (uplink && !entry.rejected) return entry.value.bytes;
  }
  return {};
}

}  // namespace karez::protocols::lwm2m
