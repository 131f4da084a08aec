// The one inner model of what a frame says, whatever its protocol.
//
// A decoder fills an Observation and nothing else. Values stay exact: a raw integer, a decimal
// exponent and a unit. A field that a meter fills with "no value", or with nonsense, is not a
// value: it appears under `rejections` with its reason while the rest of the frame stands.
// Plain value without allocation; not thread-safe by itself.
#pragma once

#include <cstdint>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>

#include "libs/protocols/fixed.h"

namespace karez::protocols {

// Bytes of a field, counted from the frame's start byte.
struct Place {
  uint16_t offset = 0;
  uint16_t length = 0;
};

enum class Unit : uint8_t {
  kNone,
  kLitre,
  kCubicMetre,
  kLitrePerHour,
  kCubicMetrePerHour,
  kJoule,
  kKilojoule,
  kMegajoule,
  kGigajoule,
  kWattHour,
  kKilowattHour,
  kMegawattHour,
  kWatt,
  kKilowatt,
  kMegawatt,
  kJoulePerHour,
  kKilojoulePerHour,
  kMegajoulePerHour,
  kGigajoulePerHour,
  kCelsius,
  kPascal,
  kHour,
  kVolt,
  kYuan,
  kYuanPerCubicMetre,
  kAmpere,
  kKilovar,
  kKilovarHour,
  kKilovoltAmpere,
  kKilovoltAmpereHour,
  kHertz,
  kDegree,
  kPercent,
  kMinute,
};
std::string_view Name(Unit unit);  // "m3", "L", "kWh", …; empty for kNone

enum class Quantity : uint8_t {
  kVolume,         // forward, cumulative
  kReverseVolume,  // backward, cumulative
  kFlow,
  kEnergy,
  kPower,
  kTemperature,
  kSupplyTemperature,
  kReturnTemperature,
  kPressure,
  kOperatingTime,
  kVoltage,
  kTierLimit,        // volume up to which a price tier holds, storage_index = tier
  kPrice,            // of a tier, storage_index = tier
  kPurchasedVolume,  // prepaid: storage_index 1 this purchase, 2 all purchases
  kRemainingVolume,  // prepaid
  kReverseEnergy,    // backward (delivered by the customer), cumulative
  kElectricCurrent,
  kReactivePower,
  kApparentPower,
  kPowerFactor,
  kFrequency,
  kBatteryVoltage,
};
std::string_view Name(Quantity quantity);  // "volume", "reverse_volume", …

enum class Storage : uint8_t {
  kCurrent,     // at the time of the frame
  kSettlement,  // at a settlement day: storage_index 1 = the last one, 2 = the one before, …
  kFreeze,      // stored by the meter at `device_time`; storage_index = number of the record
};
std::string_view Name(Storage storage);

// value = raw × 10^exponent unit
struct Register {
  Quantity quantity = Quantity::kVolume;
  Storage storage = Storage::kCurrent;
  uint8_t storage_index = 0;
  int8_t exponent = 0;
  Unit unit = Unit::kNone;
  uint8_t unit_code = 0;  // as sent, 0 where the protocol sends none
  uint8_t tariff = 0;     // 0: the total of all
  uint8_t phase = 0;      // 1…3 of an electricity meter, 0: all or not of a phase
  Place place;
  int64_t raw = 0;
};

// Wall clock of the device: no zone, no claim that it is right.
struct LocalTime {
  uint16_t year = 0;  // 2000…2099 from two digits, or as sent
  uint8_t month = 0;  // 1…12
  uint8_t day = 0;    // 1…31
  uint8_t hour = 0;
  uint8_t minute = 0;
  uint8_t second = 0;

  friend auto operator<=>(const LocalTime&, const LocalTime&) = default;
};

// True for a date and time that exist in the calendar, years 2000…2099.
inline bool IsValid(const LocalTime& time) {
  constexpr uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time.year < 2000 || time.year > 2099 || time.month < 1 || time.month > 12) return false;
  // Every fourth year from 2000 to 2099 is a leap year.
  const bool leap_day = time.month == 2 && time.year % 4 == 0;
  const int days = kDays[time.month - 1] + (leap_day ? 1 : 0);
  return time.day >= 1 && time.day <= days && time.hour <= 23 && time.minute <= 59 &&
         time.second <= 59;
}

// The time in UTC of a Unix time; all zero for one before 1970 or beyond the year 9999.
LocalTime UtcTime(int64_t unix_seconds);

enum class TimeQuality : uint8_t {
  kMissing,  // this kind of frame carries no clock
  kNoClock,  // filled with zeros, FF or 99: the meter has no clock
  kInvalid,  // not a date
  kStated,   // a date; whether it is the right one is for the receiver to judge
};
std::string_view Name(TimeQuality quality);

inline constexpr int64_t kAbsent = INT64_MIN;

// Increments of one register over equal intervals that begin at `start`.
// Slot i covers [start + i·interval, start + (i+1)·interval).
struct Series {
  static constexpr size_t kMaxSlots = 96;

  Quantity quantity = Quantity::kVolume;
  int8_t exponent = 0;  // of the increments
  Unit unit = Unit::kNone;
  uint16_t interval_minutes = 0;
  LocalTime start;
  int64_t base = kAbsent;  // register at `start`, kAbsent when not sent
  int8_t base_exponent = 0;
  Unit base_unit = Unit::kNone;
  Place place;                                 // of the increments
  FixedVector<int64_t, kMaxSlots> increments;  // kAbsent: not available
};

enum class ValveState : uint8_t { kUnknown, kOpen, kClosed, kAbnormal };
std::string_view Name(ValveState state);

enum class BatteryState : uint8_t { kUnknown, kOk, kLow };
std::string_view Name(BatteryState state);

enum class Alarm : uint8_t {
  kBatteryLow,
  kValveFault,
  kMagneticAttack,
  kReverseFlow,
  kLeak,
  kBurst,
  kEmptyPipe,
  kTamper,
  kTemperature,
  kMeterFault,
  kOverload,
  kMemoryFault,
};
inline constexpr int kAlarmCount = static_cast<int>(Alarm::kMemoryFault) + 1;
std::string_view Name(Alarm alarm);  // "battery_low", …

class AlarmSet {
 public:
  void Add(Alarm alarm) { bits_ |= Bit(alarm); }
  bool Has(Alarm alarm) const { return (bits_ & Bit(alarm)) != 0; }
  uint32_t bits() const { return bits_; }

 private:
  static uint32_t Bit(Alarm alarm) { return uint32_t{1} << static_cast<int>(alarm); }
  uint32_t bits_ = 0;
};

enum class RejectReason : uint8_t {
  kNoValue,      // FF…, 99…, or zeros in a clock: the meter says that it has none
  kNotBcd,       // a nibble above 9
  kOutOfRange,   // digits that are no date, or a value that the quantity cannot have
  kUnknownUnit,  // unit code that the standard does not define
};
std::string_view Name(RejectReason reason);  // "NO_VALUE", …

struct Rejection {
  std::string_view field;  // static text, names as in `frame-decode`
  RejectReason reason = RejectReason::kNoValue;
  Place place;
};

enum class Kind : uint8_t {
  kRequest,       // from the master: on a device's line only as the echo of our own sending
  kReading,       // current registers, with or without settled ones
  kHistory,       // settled or frozen registers
  kSeries,        // increments over intervals
  kParameter,     // price table, settlement day, address, …
  kAcknowledged,  // the device took a command; a valve may still show its old state
  kRefused,       // the device answered with an error
};
std::string_view Name(Kind kind);

struct Observation {
  static constexpr size_t kMaxRegisters = 32;  // a month of frozen days
  static constexpr size_t kMaxSeries = 1;
  static constexpr size_t kMaxRejections = 16;

  Kind kind = Kind::kReading;
  // Identity exactly as sent, never corrected, may be a wildcard. CJ/T 188: 14 hex digits, most
  // significant first. `device_type` is the protocol's own code (CJ/T 188: meter type).
  FixedText<40> device_id;
  uint8_t device_type = 0;
  uint32_t control = 0;     // protocol's function or control code
  uint32_t identifier = 0;  // data identifier, 0 where the protocol has none
  uint32_t sequence = 0;    // exchange number that the answer repeats (CJ/T 188: SER)

  LocalTime device_time;
  TimeQuality time_quality = TimeQuality::kMissing;

  FixedVector<Register, kMaxRegisters> registers;
  FixedVector<Series, kMaxSeries> series;

  ValveState valve = ValveState::kUnknown;
  BatteryState battery = BatteryState::kUnknown;
  AlarmSet alarms;
  std::optional<uint32_t> status;  // bits as sent, first byte most significant
  std::optional<int16_t> signal_dbm;

  FixedVector<Rejection, kMaxRejections> rejections;

  // As new, without a copy and without touching room that is not in use.
  void Clear() {
    static_assert(std::is_trivially_destructible_v<Observation>);
    ::new (static_cast<void*>(this)) Observation;
  }

  // The first such register: totals come before tariffs, phase A before B. Null when the frame did
  // not carry it, or it was rejected.
  const Register* Find(Quantity quantity, Storage storage, uint8_t storage_index) const;
  const Register* Find(Quantity quantity) const { return Find(quantity, Storage::kCurrent, 0); }
};

// Exact volume in millilitres. Empty when the unit is no volume, when the value has a part below
// one millilitre, or when it does not fit.
std::optional<int64_t> ToMillilitres(int64_t raw, int8_t exponent, Unit unit);

}  // namespace karez::protocols
