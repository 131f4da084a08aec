#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/sl651/message.h"

namespace karez::protocols::sl651 {
namespace {

// Bits of the status word, table 58.
constexpr uint32_t kBatteryLow = 1u << 1;
constexpr uint32_t kFlowMeterFault = 1u << 5;
constexpr uint32_t kLevelMeterFault = 1u << 6;
constexpr uint32_t kMemoryFault = 1u << 8;

Kind KindOf(const Message& message) {
  if (message.header.down) return Kind::kRequest;
  switch (static_cast<Function>(message.header.function)) {
    case Function::kKeepAlive:
    case Function::kInitialise:
    case Function::kFactoryReset:
    case Function::kPassword:
    case Function::kSetClock:
    case Function::kGetClock:
      return Kind::kAcknowledged;
    case Function::kSetBasic:
    case Function::kGetBasic:
    case Function::kSetRunning:
    case Function::kGetRunning:
    case Function::kVersion:
      return Kind::kParameter;
    default:
      return Kind::kReading;
  }
}

void ObserveStatus(Bytes value, Observation& out) {
  uint32_t status = 0;
  for (const std::byte b : value) status = status << 8 | std::to_integer<uint32_t>(b);
  out.status = status;
  out.battery = (status & kBatteryLow) != 0 ? BatteryState::kLow : BatteryState::kOk;
  if ((status & kBatteryLow) != 0) out.alarms.Add(Alarm::kBatteryLow);
  if ((status & (kFlowMeterFault | kLevelMeterFault)) != 0) out.alarms.Add(Alarm::kMeterFault);
  if ((status & kMemoryFault) != 0) out.alarms.Add(Alarm::kMemoryFault);
}

bool IsOfAnother(const Message& message, Bytes station) {
  const auto& own = message.has_station ? message.station : message.header.station;
  return !std::equal(own.begin(), own.end(), station.begin(),
                     [](uint8_t a, std::byte b) { return a == std::to_integer<uint8_t>(b); });
}

void ObserveElement(const Message& message, const Item& item, Observation& out) {
  const auto function = static_cast<Function>(message.header.function);
  const ElementKind* kind = FindElement(function, item.identifier);
  if (kind == nullptr || kind->inner == Unit::kNone) return;
  Register reading;
  reading.quantity = kind->quantity;
  reading.storage_index = kind->index;
  reading.place = {static_cast<uint16_t>(kHeaderSize + item.offset),
                   static_cast<uint16_t>(item.size)};
  const Number number = ReadNumber(item.value);
  if (number.rejected) {
    out.rejections.push_back({kind->name, number.reason, reading.place});
    return;
  }
  // Several observation times: the first value stands, as everywhere.
  if (out.Find(reading.quantity, Storage::kCurrent, reading.storage_index) != nullptr) return;
  reading.unit = kind->inner;
  reading.exponent = static_cast<int8_t>(kind->exponent - item.decimals);
  reading.unit_code = item.identifier;
  reading.raw = number.raw;
  out.registers.push_back(reading);
}

}  // namespace

void Observe(const Message& message, Observation& out) {
  out = Observation{};
  out.kind = KindOf(message);
  out.device_id = message.header.Station();
  out.control = message.header.function;
  out.sequence = message.serial;
  if (message.has_category) out.device_type = message.category;
  if (message.has_preamble) {
    out.device_time = message.time_valid ? message.time : LocalTime{};
    out.time_quality = message.time_valid ? TimeQuality::kStated : TimeQuality::kInvalid;
  }
  if (out.kind != Kind::kReading) return;
  ItemReader reader(message);
  for (Item item; reader.Next(item);) {
    // What follows is another station's, and an observation is of one.
    if (item.type == Item::Type::kStation && IsOfAnother(message, item.value)) return;
    if (item.type != Item::Type::kElement) continue;
    if (item.identifier == kStatusElement && item.value.size() == 4) {
      ObserveStatus(item.value, out);
    } else {
      ObserveElement(message, item, out);
    }
  }
}

}  // namespace karez::protocols::sl651
