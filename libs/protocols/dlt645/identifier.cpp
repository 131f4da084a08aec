#include "libs/protocols/dlt645/identifier.h"

#include <algorithm>
#include <array>

namespace karez::protocols::dlt645 {
namespace {

using enum Quantity;

constexpr FieldSpec Digits(uint8_t size, uint8_t decimals, Unit unit, bool is_signed = false) {
  return {"value", is_signed ? Form::kSignedBcd : Form::kBcd, size, decimals, unit};
}
constexpr FieldSpec Seen(FieldSpec spec, Quantity quantity) {
  spec.observed = true;
  spec.quantity = quantity;
  return spec;
}
constexpr FieldSpec Plain(Form form, uint8_t size) { return {"value", form, size}; }

constexpr FieldSpec kForward[] = {Seen(Digits(4, 2, Unit::kKilowattHour), kEnergy)};
constexpr FieldSpec kReverse[] = {Seen(Digits(4, 2, Unit::kKilowattHour), kReverseEnergy)};
constexpr FieldSpec kCombined[] = {Digits(4, 2, Unit::kKilowattHour, true)};
constexpr FieldSpec kVarHours[] = {Digits(4, 2, Unit::kKilovarHour)};
constexpr FieldSpec kSignedVarHours[] = {Digits(4, 2, Unit::kKilovarHour, true)};
constexpr FieldSpec kVoltAmpereHours[] = {Digits(4, 2, Unit::kKilovoltAmpereHour)};
constexpr FieldSpec kMomentField = {"time", Form::kMoment, 5};
constexpr FieldSpec kDemand[] = {Digits(3, 4, Unit::kKilowatt), kMomentField};
constexpr FieldSpec kVarDemand[] = {Digits(3, 4, Unit::kKilovar), kMomentField};
constexpr FieldSpec kVoltAmpereDemand[] = {Digits(3, 4, Unit::kKilovoltAmpere), kMomentField};
constexpr FieldSpec kVolts[] = {Seen(Digits(2, 1, Unit::kVolt), kVoltage)};
constexpr FieldSpec kAmperes[] = {Seen(Digits(3, 3, Unit::kAmpere, true), kElectricCurrent)};
constexpr FieldSpec kActive[] = {Seen(Digits(3, 4, Unit::kKilowatt, true), kPower)};
constexpr FieldSpec kVars[] = {Seen(Digits(3, 4, Unit::kKilovar, true), kReactivePower)};
constexpr FieldSpec kVoltAmperes[] = {Seen(Digits(3, 4, Unit::kKilovoltAmpere), kApparentPower)};
constexpr FieldSpec kFactor[] = {Seen(Digits(2, 3, Unit::kNone, true), kPowerFactor)};
constexpr FieldSpec kAngle[] = {Digits(2, 1, Unit::kDegree)};
constexpr FieldSpec kShare[] = {Digits(2, 2, Unit::kPercent)};
constexpr FieldSpec kNeutral[] = {Digits(3, 3, Unit::kAmpere)};
constexpr FieldSpec kHertz[] = {Seen(Digits(2, 2, Unit::kHertz), kFrequency)};
constexpr FieldSpec kKilowatts[] = {Digits(3, 4, Unit::kKilowatt)};
constexpr FieldSpec kKilovars[] = {Digits(3, 4, Unit::kKilovar)};
constexpr FieldSpec kKilovoltAmperes[] = {Digits(3, 4, Unit::kKilovoltAmpere)};
constexpr FieldSpec kDegrees[] = {Digits(2, 1, Unit::kCelsius)};
constexpr FieldSpec kBattery[] = {Seen(Digits(2, 2, Unit::kVolt), kBatteryVoltage)};
constexpr FieldSpec kSpareBattery[] = {Digits(2, 2, Unit::kVolt)};
constexpr FieldSpec kMinutes4[] = {Digits(4, 0, Unit::kMinute)};
constexpr FieldSpec kMinutes[] = {Digits(1, 0, Unit::kMinute)};
constexpr FieldSpec kCount[] = {Digits(1, 0, Unit::kNone)};
constexpr FieldSpec kCount2[] = {Digits(2, 0, Unit::kNone)};
constexpr FieldSpec kCount3[] = {Digits(3, 0, Unit::kNone)};
constexpr FieldSpec kDate[] = {Plain(Form::kDate, 4)};
constexpr FieldSpec kTime[] = {Plain(Form::kTime, 3)};
constexpr FieldSpec kMoment[] = {Plain(Form::kMoment, 5)};
constexpr FieldSpec kWeekClock[] = {Plain(Form::kWeekClock, 7)};
constexpr FieldSpec kHex1[] = {Plain(Form::kHex, 1)};
constexpr FieldSpec kHex2[] = {Plain(Form::kHex, 2)};
constexpr FieldSpec kHex4[] = {Plain(Form::kHex, 4)};
constexpr FieldSpec kHex6[] = {Plain(Form::kHex, 6)};
constexpr FieldSpec kText4[] = {Plain(Form::kText, 4)};
constexpr FieldSpec kText6[] = {Plain(Form::kText, 6)};
constexpr FieldSpec kText10[] = {Plain(Form::kText, 10)};
constexpr FieldSpec kText16[] = {Plain(Form::kText, 16)};
constexpr FieldSpec kText32[] = {Plain(Form::kText, 32)};

using Fields = std::span<const FieldSpec>;

constexpr uint8_t SizeOf(Fields fields) {
  size_t size = 0;
  for (const FieldSpec& field : fields) size += field.size;
  return static_cast<uint8_t>(size);
}

// DI1 the tariff, DI0 the settlement.
constexpr IdentifierSpec Tariffs(uint32_t first, std::string_view name, Fields fields) {
  return {first,
          first | 0xFFFF,
          name,
          Kind::kReading,
          PartKind::kTariff,
          {0xFF00, 8, 0, 63},
          {0xFF, 0, 0, 12},
          0,
          fields,
          SizeOf(fields)};
}
// DI1 the phase, or 0 for their total where `from` is 0.
constexpr IdentifierSpec Phases(uint32_t first, std::string_view name, uint8_t from,
                                Fields fields) {
  return {
      first,  first | 0xFF00, name, Kind::kReading, PartKind::kPhase, {0xFF00, 8, from, 3}, {}, 0,
      fields, SizeOf(fields)};
}
// DI0 a number from 1 on.
constexpr IdentifierSpec Numbers(uint32_t first, uint8_t last, std::string_view name, Fields fields,
                                 Kind kind = Kind::kParameter) {
  return {first, first | 0xFF, name,          kind, PartKind::kNumber, {0xFF, 0, 1, last}, {},
          0,     fields,       SizeOf(fields)};
}
constexpr IdentifierSpec One(uint32_t identifier, std::string_view name, Fields fields,
                             Kind kind = Kind::kParameter) {
  return {identifier, identifier, name, kind, PartKind::kNone, {}, {}, 0, fields, SizeOf(fields)};
}
constexpr IdentifierSpec Now(uint32_t identifier, std::string_view name, Fields fields) {
  return One(identifier, name, fields, Kind::kReading);
}

// In the order of their identifiers.
constexpr IdentifierSpec k2007[] = {
    Tariffs(0x00000000, "combined active energy", kCombined),
    Tariffs(0x00010000, "forward active energy", kForward),
    Tariffs(0x00020000, "reverse active energy", kReverse),
    Tariffs(0x00030000, "combined reactive energy 1", kSignedVarHours),
    Tariffs(0x00040000, "combined reactive energy 2", kSignedVarHours),
    Tariffs(0x00050000, "reactive energy of quadrant 1", kVarHours),
    Tariffs(0x00060000, "reactive energy of quadrant 2", kVarHours),
    Tariffs(0x00070000, "reactive energy of quadrant 3", kVarHours),
    Tariffs(0x00080000, "reactive energy of quadrant 4", kVarHours),
    Tariffs(0x00090000, "forward apparent energy", kVoltAmpereHours),
    Tariffs(0x000A0000, "reverse apparent energy", kVoltAmpereHours),
    Tariffs(0x01010000, "forward active maximum demand", kDemand),
    Tariffs(0x01020000, "reverse active maximum demand", kDemand),
    Tariffs(0x01030000, "combined reactive maximum demand 1", kVarDemand),
    Tariffs(0x01040000, "combined reactive maximum demand 2", kVarDemand),
    Tariffs(0x01050000, "reactive maximum demand of quadrant 1", kVarDemand),
    Tariffs(0x01060000, "reactive maximum demand of quadrant 2", kVarDemand),
    Tariffs(0x01070000, "reactive maximum demand of quadrant 3", kVarDemand),
    Tariffs(0x01080000, "reactive maximum demand of quadrant 4", kVarDemand),
    Tariffs(0x01090000, "forward apparent maximum demand", kVoltAmpereDemand),
    Tariffs(0x010A0000, "reverse apparent maximum demand", kVoltAmpereDemand),
    Phases(0x02010000, "voltage", 1, kVolts),
    Phases(0x02020000, "current", 1, kAmperes),
    Phases(0x02030000, "active power", 0, kActive),
    Phases(0x02040000, "reactive power", 0, kVars),
    Phases(0x02050000, "apparent power", 0, kVoltAmperes),
    Phases(0x02060000, "power factor", 0, kFactor),
    Phases(0x02070000, "phase angle", 1, kAngle),
    Phases(0x02080000, "voltage distortion", 1, kShare),
    Phases(0x02090000, "current distortion", 1, kShare),
    Numbers(0x020A0100, 21, "voltage harmonic of phase A", kShare, Kind::kReading),
    Numbers(0x020A0200, 21, "voltage harmonic of phase B", kShare, Kind::kReading),
    Numbers(0x020A0300, 21, "voltage harmonic of phase C", kShare, Kind::kReading),
    Numbers(0x020B0100, 21, "current harmonic of phase A", kShare, Kind::kReading),
    Numbers(0x020B0200, 21, "current harmonic of phase B", kShare, Kind::kReading),
    Numbers(0x020B0300, 21, "current harmonic of phase C", kShare, Kind::kReading),
    Now(0x02800001, "neutral current", kNeutral),
    Now(0x02800002, "frequency", kHertz),
    Now(0x02800003, "active power, mean of one minute", kKilowatts),
    Now(0x02800004, "active demand", kKilowatts),
    Now(0x02800005, "reactive demand", kKilovars),
    Now(0x02800006, "apparent demand", kKilovoltAmperes),
    Now(0x02800007, "temperature inside", kDegrees),
    Now(0x02800008, "clock battery voltage", kBattery),
    Now(0x02800009, "reading battery voltage", kSpareBattery),
    Now(0x0280000A, "battery working time", kMinutes4),
    One(0x04000101, "date", kDate),
    One(0x04000102, "time", kTime),
    One(0x04000103, "demand period", kMinutes),
    One(0x04000104, "sliding time", kMinutes),
    One(0x04000105, "calibration pulse width in ms", kCount2),
    One(0x04000106, "change of time zones", kMoment),
    One(0x04000107, "change of day tables", kMoment),
    One(0x0400010C, "date and time", kWeekClock),
    One(0x04000201, "number of year zones", kCount),
    One(0x04000202, "number of day tables", kCount),
    One(0x04000203, "number of day slots", kCount),
    One(0x04000204, "number of tariffs", kCount),
    One(0x04000205, "number of holidays", kCount2),
    One(0x04000401, "communication address", kHex6),
    One(0x04000402, "meter number", kHex6),
    One(0x04000403, "asset code", kText32),
    One(0x04000404, "rated voltage", kText6),
    One(0x04000405, "rated current", kText6),
    One(0x04000406, "maximum current", kText6),
    One(0x04000407, "active accuracy class", kText4),
    One(0x04000408, "reactive accuracy class", kText4),
    One(0x04000409, "active constant in imp/kWh", kCount3),
    One(0x0400040A, "reactive constant in imp/kvarh", kCount3),
    One(0x0400040B, "meter model", kText10),
    One(0x0400040C, "production date", kText10),
    One(0x0400040D, "protocol version", kText16),
    Numbers(0x04000500, 7, "running status word", kHex2, Kind::kReading),
    Numbers(0x04000B00, 3, "settlement day", kHex2),
};

// 90xx current, 94xx last month, 98xx the month before.
constexpr std::string_view kForwardName97[] = {"forward active energy"};
constexpr std::string_view kReverseName97[] = {"reverse active energy"};
constexpr std::string_view kReactiveNames97[] = {
    "forward reactive energy",       "reverse reactive energy",
    "reactive energy of quadrant 1", "reactive energy of quadrant 4",
    "reactive energy of quadrant 2", "reactive energy of quadrant 3"};
constexpr std::string_view kDemandNames97[] = {"forward active maximum demand",
                                               "reverse active maximum demand"};
constexpr std::string_view kVarDemandNames97[] = {"forward reactive maximum demand",
                                                  "reverse reactive maximum demand"};
constexpr std::string_view kDemandTimes97[] = {"time of forward active maximum demand",
                                               "time of reverse active maximum demand"};
constexpr std::string_view kVarDemandTimes97[] = {"time of forward reactive maximum demand",
                                                  "time of reverse reactive maximum demand"};

constexpr IdentifierSpec Tariffs97(uint32_t first, std::string_view name, uint8_t period,
                                   Fields fields) {
  return {first,           first | 0xF, name,   Kind::kReading, PartKind::kTariff,
          {0xF, 0, 0, 14}, {},          period, fields,         SizeOf(fields)};
}
constexpr IdentifierSpec Phases97(uint32_t first, std::string_view name, uint8_t from,
                                  Fields fields) {
  return {first, first | 0xF, name,   Kind::kReading, PartKind::kPhase, {0xF, 0, from, 3},
          {},    0,           fields, SizeOf(fields)};
}

constexpr FieldSpec kVolts97[] = {Seen(Digits(2, 0, Unit::kVolt), kVoltage)};
constexpr FieldSpec kAmperes97[] = {Seen(Digits(2, 2, Unit::kAmpere), kElectricCurrent)};
constexpr FieldSpec kActive97[] = {Seen(Digits(3, 4, Unit::kKilowatt), kPower)};
constexpr FieldSpec kVars97[] = {Seen(Digits(2, 2, Unit::kKilovar), kReactivePower)};
constexpr FieldSpec kFactor97[] = {Seen(Digits(2, 3, Unit::kNone), kPowerFactor)};

constexpr IdentifierSpec kOthers97[] = {
    Phases97(0xB610, "voltage", 1, kVolts97),
    Phases97(0xB620, "current", 1, kAmperes97),
    Phases97(0xB630, "active power", 0, kActive97),
    Phases97(0xB640, "reactive power", 0, kVars97),
    Phases97(0xB650, "power factor", 0, kFactor97),
    One(0xC010, "date", kDate),
    One(0xC011, "time", kTime),
    One(0xC020, "running status", kHex1, Kind::kReading),
    One(0xC021, "grid status", kHex1, Kind::kReading),
    One(0xC030, "active constant in imp/kWh", kCount3),
    One(0xC031, "reactive constant in imp/kvarh", kCount3),
    One(0xC032, "meter number", kHex6),
    One(0xC033, "user number", kHex6),
    One(0xC034, "device code", kHex6),
    One(0xC111, "demand period", kMinutes),
    One(0xC112, "sliding time", kMinutes),
    One(0xC117, "settlement day", kHex2),
};

constexpr size_t kMonthly97 = 2 + 6 + 2 + 2 + 2 + 2;

constexpr auto Make1997() {
  std::array<IdentifierSpec, 3 * kMonthly97 + std::size(kOthers97)> rows;
  size_t count = 0;
  // Names count from base + 10H on.
  const auto add = [&](uint32_t base, std::span<const std::string_view> names, Fields fields) {
    for (uint8_t period = 0; period < 3; ++period) {
      uint32_t first = base | uint32_t{period} << 10;
      for (const std::string_view name : names) {
        rows[count++] = Tariffs97(first += 0x10, name, period, fields);
      }
    }
  };
  add(0x9000, kForwardName97, kForward);
  add(0x9010, kReverseName97, kReverse);
  add(0x9100, kReactiveNames97, kVarHours);
  add(0xA000, kDemandNames97, kKilowatts);
  add(0xA100, kVarDemandNames97, kKilovars);
  add(0xB000, kDemandTimes97, kHex4);
  add(0xB100, kVarDemandTimes97, kHex4);
  for (const IdentifierSpec& row : kOthers97) rows[count++] = row;
  std::sort(rows.begin(), rows.end(),
            [](const IdentifierSpec& a, const IdentifierSpec& b) { return a.first < b.first; });
  return rows;
}

constexpr auto k1997 = Make1997();

constexpr bool InOrder(std::span<const IdentifierSpec> rows) {
  for (size_t i = 1; i < rows.size(); ++i) {
    if (rows[i - 1].last >= rows[i].first) return false;
  }
  return true;
}
static_assert(InOrder(k2007) && InOrder(k1997));

// The rows of each DI3 DI2 begin where those of the one before end: mostly one row.
constexpr size_t kClasses = 0x0500;
static_assert(std::size(k2007) <= UINT8_MAX && k2007[std::size(k2007) - 1].last >> 16 < kClasses);
static_assert(std::all_of(std::begin(k2007), std::end(k2007), [](const IdentifierSpec& row) {
  return row.first >> 16 == row.last >> 16;  // no row is of two of them
}));
constexpr auto MakeStarts() {
  std::array<uint8_t, kClasses + 1> starts{};
  for (size_t i = 0; i < std::size(k2007); ++i) {
    starts[(k2007[i].first >> 16) + 1] = static_cast<uint8_t>(i + 1);
  }
  for (size_t i = 1; i < starts.size(); ++i) starts[i] = std::max(starts[i], starts[i - 1]);
  return starts;
}
constexpr auto kStarts = MakeStarts();

std::span<const IdentifierSpec> Candidates(Edition edition, uint32_t identifier) {
  if (edition == Edition::k1997) return k1997;
  const uint32_t row_class = identifier >> 16;
  if (row_class >= kClasses) return {};
  return std::span(k2007).subspan(kStarts[row_class], kStarts[row_class + 1] - kStarts[row_class]);
}

// What the identifier has at `split`; false when no such part exists. `all`: the block of all.
bool ReadPart(const Split& split, uint32_t identifier, uint8_t& part, bool& all) {
  const uint32_t bits = identifier & split.mask;
  all = split.mask != 0 && bits == split.mask;
  part = all ? split.first : static_cast<uint8_t>(bits >> split.shift);
  return split.mask == 0 || (part >= split.first && part <= split.last);
}

}  // namespace

bool FindIdentifier(Edition edition, uint32_t identifier, Named& out) {
  out = {};
  const std::span<const IdentifierSpec> rows = Candidates(edition, identifier);
  if (rows.empty()) return false;
  size_t at = 0;  // of the last row that does not begin behind the identifier
  for (size_t end = rows.size(); end - at > 1;) {
    const size_t middle = (at + end) / 2;
    (rows[middle].first <= identifier ? at : end) = middle;
  }
  const IdentifierSpec& row = rows[at];
  const uint32_t varied = row.part.mask | row.period.mask;
  if (identifier < row.first || identifier > row.last ||
      (identifier & ~varied) != (row.first & ~varied)) {
    return false;
  }
  bool all_parts = false;
  bool all_periods = false;
  if (!ReadPart(row.part, identifier, out.part, all_parts) ||
      !ReadPart(row.period, identifier, out.period, all_periods) || (all_parts && all_periods)) {
    return false;
  }
  if (row.period.mask == 0) out.period = row.fixed_period;
  if (all_parts) out.block = Block::kParts;
  if (all_periods) out.block = Block::kPeriods;
  out.spec = &row;
  return true;
}

}  // namespace karez::protocols::dlt645
