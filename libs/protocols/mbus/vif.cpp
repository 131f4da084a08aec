#include "libs/protocols/mbus/vif.h"

#include <array>
#include <span>

namespace karez::protocols::mbus {
namespace {

using Table = std::array<ValueKind, 128>;

// Codes first…last of one kind; each code's exponent is one above the one before.
struct Row {
  uint8_t first;
  uint8_t last;
  ValueKind kind;
};

constexpr ValueKind Number(std::string_view name, std::string_view suffix, int8_t exponent) {
  return {name, suffix, Form::kNumber, exponent};
}
constexpr ValueKind Observed(std::string_view name, std::string_view suffix, int8_t exponent,
                             Unit unit, Quantity quantity) {
  return {name, suffix, Form::kNumber, exponent, unit, quantity, true};
}
constexpr ValueKind Plain(std::string_view name, Form form) { return {name, "", form}; }

constexpr Row kMainRows[] = {
    {0x00, 0x07, Observed("energy", "kwh", -6, Unit::kKilowattHour, Quantity::kEnergy)},
    {0x08, 0x0F, Observed("energy", "mj", -6, Unit::kMegajoule, Quantity::kEnergy)},
    {0x10, 0x17, Observed("volume", "m3", -6, Unit::kCubicMetre, Quantity::kVolume)},
    {0x18, 0x1F, Number("mass", "kg", -3)},
    {0x28, 0x2F, Observed("power", "kw", -6, Unit::kKilowatt, Quantity::kPower)},
    {0x30, 0x37, Observed("power", "mjh", -6, Unit::kMegajoulePerHour, Quantity::kPower)},
    {0x38, 0x3F, Observed("flow", "m3h", -6, Unit::kCubicMetrePerHour, Quantity::kFlow)},
    {0x40, 0x47, Number("flow", "m3min", -7)},
    {0x48, 0x4F, Number("flow", "m3s", -9)},
    {0x50, 0x57, Number("mass_flow", "kgh", -3)},
    {0x58, 0x5B, Observed("flow_temp", "c", -3, Unit::kCelsius, Quantity::kSupplyTemperature)},
    {0x5C, 0x5F, Observed("return_temp", "c", -3, Unit::kCelsius, Quantity::kReturnTemperature)},
    {0x60, 0x63, Number("temp_difference", "k", -3)},
    {0x64, 0x67, Observed("ext_temp", "c", -3, Unit::kCelsius, Quantity::kTemperature)},
    // 10^(n−3) bar, and one bar is 10^5 Pa; the name's value stays in bar.
    {0x68, 0x6B, Observed("pressure", "bar", -3, Unit::kPascal, Quantity::kPressure)},
    {0x6C, 0x6C, Plain("date", Form::kDate)},
    {0x6D, 0x6D, Plain("time", Form::kTime)},
    {0x6E, 0x6E, Plain("hca", Form::kUnsigned)},
    {0x78, 0x78, Plain("fabrication_no", Form::kUnsigned)},
    {0x79, 0x79, Plain("enhanced_id", Form::kBits)},
    {0x7A, 0x7A, Plain("bus_address", Form::kUnsigned)},
    {0x7C, 0x7C, Plain("plain_text_unit", Form::kNumber)},
    {0x7E, 0x7E, Plain("any", Form::kOpaque)},
    {0x7F, 0x7F, Plain("manufacturer", Form::kBits)},
};

constexpr Row kFbRows[] = {
    {0x00, 0x01, Observed("energy", "mwh", -1, Unit::kMegawattHour, Quantity::kEnergy)},
    {0x08, 0x09, Observed("energy", "gj", -1, Unit::kGigajoule, Quantity::kEnergy)},
    {0x10, 0x11, Observed("volume", "m3", 2, Unit::kCubicMetre, Quantity::kVolume)},
    {0x18, 0x19, Number("mass", "t", 2)},
    {0x1A, 0x1B, Number("relative_humidity", "percent", -1)},
    {0x28, 0x29, Observed("power", "mw", -1, Unit::kMegawatt, Quantity::kPower)},
    {0x30, 0x31, Observed("power", "gjh", -1, Unit::kGigajoulePerHour, Quantity::kPower)},
    {0x74, 0x77, Number("temp_limit", "c", -3)},
    {0x78, 0x7F, Number("cumulated_max_power", "w", -3)},
};

constexpr Row kFdRows[] = {
    {0x00, 0x03, Number("credit", "", -3)},
    {0x04, 0x07, Number("debit", "", -3)},
    {0x08, 0x08, Plain("access_no", Form::kUnsigned)},
    {0x09, 0x09, Plain("medium_code", Form::kBits)},
    {0x0A, 0x0A, Plain("manufacturer_code", Form::kBits)},
    {0x0B, 0x0B, Plain("parameter_set", Form::kBits)},
    {0x0C, 0x0C, Plain("model_version", Form::kBits)},
    {0x0D, 0x0D, Plain("hardware_version", Form::kBits)},
    {0x0E, 0x0E, Plain("firmware_version", Form::kBits)},
    {0x0F, 0x0F, Plain("software_version", Form::kBits)},
    {0x10, 0x10, Plain("customer_location", Form::kUnsigned)},
    {0x11, 0x11, Plain("customer", Form::kUnsigned)},
    {0x12, 0x12, Plain("user_access_code", Form::kBits)},
    {0x13, 0x13, Plain("operator_access_code", Form::kBits)},
    {0x14, 0x14, Plain("system_access_code", Form::kBits)},
    {0x15, 0x15, Plain("developer_access_code", Form::kBits)},
    {0x16, 0x16, Plain("password", Form::kBits)},
    {0x17, 0x17, Plain("error_flags", Form::kBits)},
    {0x18, 0x18, Plain("error_mask", Form::kBits)},
    {0x1A, 0x1A, Plain("digital_output", Form::kBits)},
    {0x1B, 0x1B, Plain("digital_input", Form::kBits)},
    {0x1C, 0x1C, Plain("baud_rate", Form::kUnsigned)},
    {0x1D, 0x1D, Plain("response_delay", Form::kUnsigned)},
    {0x1E, 0x1E, Plain("retries", Form::kUnsigned)},
    {0x1F, 0x1F, Plain("remote_control", Form::kBits)},
    {0x20, 0x20, Plain("first_storage", Form::kUnsigned)},
    {0x21, 0x21, Plain("last_storage", Form::kUnsigned)},
    {0x22, 0x22, Plain("storage_size", Form::kUnsigned)},
    {0x28, 0x28, Number("storage_interval", "months", 0)},
    {0x29, 0x29, Number("storage_interval", "years", 0)},
    {0x30, 0x30, Plain("tariff_start", Form::kTime)},
    {0x3A, 0x3A, Number("dimensionless", "", 0)},
    {0x40, 0x4F, Observed("voltage", "v", -9, Unit::kVolt, Quantity::kVoltage)},
    {0x50, 0x5F, Number("current", "a", -12)},
    {0x60, 0x60, Plain("reset_counter", Form::kUnsigned)},
    {0x61, 0x61, Plain("cumulation_counter", Form::kUnsigned)},
    {0x62, 0x62, Plain("control_signal", Form::kBits)},
    {0x63, 0x63, Plain("day_of_week", Form::kUnsigned)},
    {0x64, 0x64, Plain("week_number", Form::kUnsigned)},
    {0x65, 0x65, Plain("day_change", Form::kTime)},
    {0x66, 0x66, Plain("parameter_state", Form::kBits)},
    {0x67, 0x67, Plain("supplier_information", Form::kBits)},
    {0x70, 0x70, Plain("battery_change", Form::kTime)},
    {0x71, 0x71, Number("rssi", "dbm", 0)},
    {0x74, 0x74, Number("battery", "days", 0)},
};

// Durations take the unit from the code's last two bits.
struct DurationRow {
  uint8_t first;
  std::string_view name;
  bool long_units;  // hours … years instead of seconds … days
};
constexpr DurationRow kMainDurations[] = {{0x20, "on_time", false},
                                          {0x24, "operating_time", false},
                                          {0x70, "averaging", false},
                                          {0x74, "actuality", false}};
constexpr DurationRow kFdDurations[] = {{0x24, "storage_interval", false},
                                        {0x2C, "since_readout", false},
                                        {0x34, "tariff_period", false},
                                        {0x68, "since_cumulation", true},
                                        {0x6C, "battery_operating", true}};

constexpr void Fill(Table& table, std::span<const Row> rows) {
  for (const Row& row : rows) {
    for (int code = row.first; code <= row.last; ++code) {
      ValueKind kind = row.kind;
      if (kind.form == Form::kNumber) {
        kind.exponent = static_cast<int8_t>(kind.exponent + code - row.first);
      }
      table[static_cast<size_t>(code)] = kind;
    }
  }
}

constexpr void Fill(Table& table, std::span<const DurationRow> rows) {
  constexpr std::string_view kShort[] = {"s", "min", "h", "days"};
  constexpr std::string_view kLong[] = {"h", "days", "months", "years"};
  for (const DurationRow& row : rows) {
    for (size_t i = 0; i < 4; ++i) {
      const std::string_view suffix = row.long_units ? kLong[i] : kShort[i];
      ValueKind kind = Number(row.name, suffix, 0);
      if (row.name == "operating_time" && suffix == "h") {
        kind.unit = Unit::kHour;
        kind.quantity = Quantity::kOperatingTime;
        kind.observed = true;
      }
      table[row.first + i] = kind;
    }
  }
}

constexpr Table MakeTable(std::span<const Row> rows, std::span<const DurationRow> durations) {
  Table table{};
  Fill(table, rows);
  Fill(table, durations);
  return table;
}

constexpr Table kMain = MakeTable(kMainRows, kMainDurations);
constexpr Table kFb = MakeTable(kFbRows, {});
constexpr Table kFd = MakeTable(kFdRows, kFdDurations);

// VIFEs behind any VIF: those that only scale, those that report an error, and the rest, each of
// which makes the value another one.
void Apply(uint8_t code, Meaning& out) {
  if (code >= 0x70 && code <= 0x77) {
    out.exponent = static_cast<int8_t>(out.exponent + code - 0x76);
  } else if (code == 0x7D) {
    out.exponent = static_cast<int8_t>(out.exponent + 3);
  } else if (code >= 0x01 && code <= 0x1F) {
    out.record_error = code;
  } else if (code != 0x00 && out.modifier == 0) {
    out.modifier = code;
  }
}

}  // namespace

const ValueKind& KindOf(uint8_t table, uint8_t code) {
  const Table& rows = table == 0xFB ? kFb : table == 0xFD ? kFd : kMain;
  return rows[code & 0x7F];
}

Meaning MeaningOf(const Record& record) {
  Meaning meaning;
  const uint8_t vif = record.vif[0];
  size_t next = 1;
  if ((vif == 0xFB || vif == 0xFD) && record.vif.size() > 1) {
    meaning.kind = &KindOf(vif, record.vif[next++]);
  } else {
    meaning.kind = &kMain[vif & 0x7F];
    meaning.manufacturer_specific = (vif & 0x7F) == 0x7F;
  }
  meaning.exponent = meaning.kind->exponent;
  for (; next < record.vif.size() && !meaning.manufacturer_specific; ++next) {
    const uint8_t code = record.vif[next] & 0x7F;
    if (code == 0x7F) {
      meaning.manufacturer_specific = true;
      meaning.modifier = code;
    } else if (code == 0x7C || code == 0x7B) {
      // A table of further VIFEs; none of them leaves the value what it was.
      meaning.modifier = code;
      ++next;
    } else {
      Apply(code, meaning);
    }
  }
  return meaning;
}

}  // namespace karez::protocols::mbus
