#include "libs/protocols/error.h"
#include "libs/protocols/observation.h"
#include "libs/protocols/profile.h"

namespace karez::protocols {

std::string_view Name(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      return "NONE";
    case Fault::kShort:
      return "SHORT";
    case Fault::kStart:
      return "START";
    case Fault::kLength:
      return "LENGTH";
    case Fault::kEnd:
      return "END";
    case Fault::kChecksum:
      return "CHECKSUM";
    case Fault::kVersion:
      return "VERSION";
    case Fault::kControl:
      return "CONTROL";
    case Fault::kIdentifier:
      return "IDENTIFIER";
    case Fault::kLayout:
      return "LAYOUT";
    case Fault::kValue:
      return "VALUE";
    case Fault::kNotSupported:
      return "NOT_SUPPORTED";
    case Fault::kEncrypted:
      return "ENCRYPTED";
    case Fault::kReplay:
      return "REPLAY";
    case Fault::kKey:
      return "KEY";
    case Fault::kText:
      return "TEXT";
    case Fault::kField:
      return "FIELD";
    case Fault::kBuffer:
      return "BUFFER";
  }
  return "";
}

std::string_view Name(Unit unit) {
  switch (unit) {
    case Unit::kNone:
      return "";
    case Unit::kLitre:
      return "L";
    case Unit::kCubicMetre:
      return "m3";
    case Unit::kLitrePerHour:
      return "L/h";
    case Unit::kCubicMetrePerHour:
      return "m3/h";
    case Unit::kJoule:
      return "J";
    case Unit::kKilojoule:
      return "kJ";
    case Unit::kMegajoule:
      return "MJ";
    case Unit::kGigajoule:
      return "GJ";
    case Unit::kWattHour:
      return "Wh";
    case Unit::kKilowattHour:
      return "kWh";
    case Unit::kMegawattHour:
      return "MWh";
    case Unit::kWatt:
      return "W";
    case Unit::kKilowatt:
      return "kW";
    case Unit::kMegawatt:
      return "MW";
    case Unit::kJoulePerHour:
      return "J/h";
    case Unit::kKilojoulePerHour:
      return "kJ/h";
    case Unit::kMegajoulePerHour:
      return "MJ/h";
    case Unit::kGigajoulePerHour:
      return "GJ/h";
    case Unit::kCelsius:
      return "C";
    case Unit::kPascal:
      return "Pa";
    case Unit::kHour:
      return "h";
    case Unit::kVolt:
      return "V";
    case Unit::kYuan:
      return "CNY";
    case Unit::kYuanPerCubicMetre:
      return "CNY/m3";
    case Unit::kAmpere:
      return "A";
    case Unit::kKilovar:
      return "kvar";
    case Unit::kKilovarHour:
      return "kvarh";
    case Unit::kKilovoltAmpere:
      return "kVA";
    case Unit::kKilovoltAmpereHour:
      return "kVAh";
    case Unit::kHertz:
      return "Hz";
    case Unit::kDegree:
      return "deg";
    case Unit::kPercent:
      return "%";
    case Unit::kMinute:
      return "min";
  }
  return "";
}

std::string_view Name(Quantity quantity) {
  switch (quantity) {
    case Quantity::kVolume:
      return "volume";
    case Quantity::kReverseVolume:
      return "reverse_volume";
    case Quantity::kFlow:
      return "flow";
    case Quantity::kEnergy:
      return "energy";
    case Quantity::kPower:
      return "power";
    case Quantity::kTemperature:
      return "temperature";
    case Quantity::kSupplyTemperature:
      return "supply_temperature";
    case Quantity::kReturnTemperature:
      return "return_temperature";
    case Quantity::kPressure:
      return "pressure";
    case Quantity::kOperatingTime:
      return "operating_time";
    case Quantity::kVoltage:
      return "voltage";
    case Quantity::kTierLimit:
      return "tier_limit";
    case Quantity::kPrice:
      return "price";
    case Quantity::kPurchasedVolume:
      return "purchased_volume";
    case Quantity::kRemainingVolume:
      return "remaining_volume";
    case Quantity::kReverseEnergy:
      return "reverse_energy";
    case Quantity::kElectricCurrent:
      return "electric_current";
    case Quantity::kReactivePower:
      return "reactive_power";
    case Quantity::kApparentPower:
      return "apparent_power";
    case Quantity::kPowerFactor:
      return "power_factor";
    case Quantity::kFrequency:
      return "frequency";
    case Quantity::kBatteryVoltage:
      return "battery_voltage";
  }
  return "";
}

std::string_view Name(Storage storage) {
  switch (storage) {
    case Storage::kCurrent:
      return "current";
    case Storage::kSettlement:
      return "settlement";
    case Storage::kFreeze:
      return "freeze";
  }
  return "";
}

std::string_view Name(TimeQuality quality) {
  switch (quality) {
    case TimeQuality::kMissing:
      return "missing";
    case TimeQuality::kNoClock:
      return "no_clock";
    case TimeQuality::kInvalid:
      return "invalid";
    case TimeQuality::kStated:
      return "stated";
  }
  return "";
}

std::string_view Name(ValveState state) {
  switch (state) {
    case ValveState::kUnknown:
      return "unknown";
    case ValveState::kOpen:
      return "open";
    case ValveState::kClosed:
      return "closed";
    case ValveState::kAbnormal:
      return "abnormal";
  }
  return "";
}

std::string_view Name(BatteryState state) {
  switch (state) {
    case BatteryState::kUnknown:
      return "unknown";
    case BatteryState::kOk:
      return "ok";
    case BatteryState::kLow:
      return "low";
  }
  return "";
}

std::string_view Name(Alarm alarm) {
  switch (alarm) {
    case Alarm::kBatteryLow:
      return "battery_low";
    case Alarm::kValveFault:
      return "valve_fault";
    case Alarm::kMagneticAttack:
      return "magnetic_attack";
    case Alarm::kReverseFlow:
      return "reverse_flow";
    case Alarm::kLeak:
      return "leak";
    case Alarm::kBurst:
      return "burst";
    case Alarm::kEmptyPipe:
      return "empty_pipe";
    case Alarm::kTamper:
      return "tamper";
    case Alarm::kTemperature:
      return "temperature";
    case Alarm::kMeterFault:
      return "meter_fault";
    case Alarm::kOverload:
      return "overload";
    case Alarm::kMemoryFault:
      return "memory_fault";
  }
  return "";
}

std::string_view Name(RejectReason reason) {
  switch (reason) {
    case RejectReason::kNoValue:
      return "NO_VALUE";
    case RejectReason::kNotBcd:
      return "NOT_BCD";
    case RejectReason::kOutOfRange:
      return "OUT_OF_RANGE";
    case RejectReason::kUnknownUnit:
      return "UNKNOWN_UNIT";
  }
  return "";
}

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kRequest:
      return "request";
    case Kind::kReading:
      return "reading";
    case Kind::kHistory:
      return "history";
    case Kind::kSeries:
      return "series";
    case Kind::kParameter:
      return "parameter";
    case Kind::kAcknowledged:
      return "acknowledged";
    case Kind::kRefused:
      return "refused";
  }
  return "";
}

std::string_view Name(Protocol protocol) {
  switch (protocol) {
    case Protocol::kCjt188:
      return "cjt188";
    case Protocol::kDlt645:
      return "dlt645";
    case Protocol::kModbusRtu:
      return "modbus-rtu";
    case Protocol::kModbusTcp:
      return "modbus-tcp";
    case Protocol::kMbus:
      return "mbus";
    case Protocol::kWmbus:
      return "wmbus";
    case Protocol::kPayload:
      return "payload";
  }
  return "";
}

}  // namespace karez::protocols
