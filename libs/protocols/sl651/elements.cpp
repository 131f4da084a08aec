#include <iterator>

#include "libs/protocols/sl651/message.h"

namespace karez::protocols::sl651 {
namespace {

using Coding = ElementKind::Coding;

struct ElementRow {
  uint8_t first;
  uint8_t last;  // the kinds' indices run from 1
  ElementKind kind;
};

// Annex C.
constexpr ElementRow kElements[] = {
    {0x01, 0x01, {"section_area", "m2"}},
    {0x02, 0x02, {"air_temperature", "C"}},
    {0x03, 0x03, {"water_temperature", "C", Unit::kCelsius, Quantity::kTemperature}},
    {0x04, 0x04, {"time_step", ""}},
    {0x05, 0x05, {"period_length", "h.min"}},
    {0x06, 0x06, {"daily_evaporation", "mm"}},
    {0x07, 0x07, {"current_evaporation", "mm"}},
    {0x08, 0x08, {"air_pressure", "hPa"}},
    {0x09, 0x09, {"gate_opening", "m"}},
    {0x0A, 0x0A, {"gate_number", ""}},
    {0x0B, 0x0B, {"gate_kind", ""}},
    {0x0C, 0x0C, {"open_gates", ""}},
    {0x0D, 0x0D, {"ground_temperature", "C"}},
    {0x0E, 0x0E, {"groundwater_depth", "m"}},
    {0x0F, 0x0F, {"wave_height", "m"}},
    {0x10, 0x10, {"soil_moisture_10cm", "%"}},
    {0x11, 0x11, {"soil_moisture_20cm", "%"}},
    {0x12, 0x12, {"soil_moisture_30cm", "%"}},
    {0x13, 0x13, {"soil_moisture_40cm", "%"}},
    {0x14, 0x14, {"soil_moisture_50cm", "%"}},
    {0x15, 0x15, {"soil_moisture_60cm", "%"}},
    {0x16, 0x16, {"soil_moisture_80cm", "%"}},
    {0x17, 0x17, {"soil_moisture_100cm", "%"}},
    {0x18, 0x18, {"humidity", "%"}},
    {0x19, 0x19, {"running_units", ""}},
    {0x1A, 0x1A, {"rain_1h", "mm"}},
    {0x1B, 0x1B, {"rain_2h", "mm"}},
    {0x1C, 0x1C, {"rain_3h", "mm"}},
    {0x1D, 0x1D, {"rain_6h", "mm"}},
    {0x1E, 0x1E, {"rain_12h", "mm"}},
    {0x1F, 0x1F, {"daily_rain", "mm"}},
    {0x20, 0x20, {"current_rain", "mm"}},
    {0x21, 0x21, {"rain_1min", "mm"}},
    {0x22, 0x22, {"rain_5min", "mm"}},
    {0x23, 0x23, {"rain_10min", "mm"}},
    {0x24, 0x24, {"rain_30min", "mm"}},
    {0x25, 0x25, {"storm_rain", "mm"}},
    {0x26, 0x26, {"accumulated_rain", "mm"}},
    {0x27, 0x27, {"flow", "m3/s"}},
    {0x28, 0x2F, {"intake_flow", "m3/s"}},
    {0x30, 0x30, {"outflow", "m3/s"}},
    {0x31, 0x31, {"device_flow", "m3/s"}},
    {0x32, 0x32, {"sediment_discharge", "10kt"}},
    {0x33, 0x33, {"wind_direction", ""}},
    {0x34, 0x34, {"wind_force", ""}},
    {0x35, 0x35, {"wind_speed", "m/s"}},
    {0x36, 0x36, {"mean_velocity", "m/s"}},
    {0x37, 0x37, {"velocity", "m/s"}},
    {0x38, 0x38, {"supply_voltage", "V", Unit::kVolt, Quantity::kVoltage}},
    {0x39, 0x39, {"river_stage", "m"}},
    {0x3A, 0x3A, {"lower_stage", "m"}},
    {0x3B, 0x3B, {"upper_stage", "m"}},
    {0x3C, 0x43, {"intake_stage", "m"}},
    {0x44, 0x44, {"sediment", "kg/m3"}},
    {kStatusElement, kStatusElement, {.name = "status", .coding = Coding::kHex}},
    {0x46, 0x46, {"ph", ""}},
    {0x47, 0x47, {"dissolved_oxygen", "mg/L"}},
    {0x48, 0x48, {"conductivity", "uS/cm"}},
    {0x49, 0x49, {"turbidity", "NTU"}},
    {0x4A, 0x4A, {"permanganate_index", "mg/L"}},
    {0x4B, 0x4B, {"redox_potential", "mV"}},
    {0x4C, 0x4C, {"ammonia_nitrogen", "mg/L"}},
    {0x4D, 0x4D, {"total_phosphorus", "mg/L"}},
    {0x4E, 0x4E, {"total_nitrogen", "mg/L"}},
    {0x4F, 0x4F, {"organic_carbon", "mg/L"}},
    {0x50, 0x50, {"copper", "mg/L"}},
    {0x51, 0x51, {"zinc", "mg/L"}},
    {0x52, 0x52, {"selenium", "mg/L"}},
    {0x53, 0x53, {"arsenic", "mg/L"}},
    {0x54, 0x54, {"mercury", "mg/L"}},
    {0x55, 0x55, {"cadmium", "mg/L"}},
    {0x56, 0x56, {"lead", "mg/L"}},
    {0x57, 0x57, {"chlorophyll_a", "mg/L"}},
    {0x58, 0x5F, {"water_pressure", "kPa", Unit::kPascal, Quantity::kPressure, 3}},
    {0x60, 0x67, {"remaining_volume", "m3", Unit::kCubicMetre, Quantity::kRemainingVolume}},
    {0x68, 0x6F, {"hourly_volume", "m3/h", Unit::kCubicMetrePerHour, Quantity::kFlow}},
    {0x70, 0x72, {"ac_voltage", "V"}},
    {0x73, 0x75, {"ac_current", "A"}},
};

// Annex D.1.
constexpr ElementRow kBasic[] = {
    {0x01, 0x01, {.name = "centres", .coding = Coding::kHex}},
    {0x02, 0x02, {.name = "station", .coding = Coding::kHex}},
    {kPasswordParameter, kPasswordParameter, {.name = "password", .coding = Coding::kHex}},
    {0x04, 0x04, {.name = "centre1_main", .coding = Coding::kHex}},
    {0x05, 0x05, {.name = "centre1_backup", .coding = Coding::kHex}},
    {0x06, 0x06, {.name = "centre2_main", .coding = Coding::kHex}},
    {0x07, 0x07, {.name = "centre2_backup", .coding = Coding::kHex}},
    {0x08, 0x08, {.name = "centre3_main", .coding = Coding::kHex}},
    {0x09, 0x09, {.name = "centre3_backup", .coding = Coding::kHex}},
    {0x0A, 0x0A, {.name = "centre4_main", .coding = Coding::kHex}},
    {0x0B, 0x0B, {.name = "centre4_backup", .coding = Coding::kHex}},
    {0x0C, 0x0C, {"working_mode"}},
    {0x0D, 0x0D, {.name = "collected_elements", .coding = Coding::kHex}},
    {kRelayParameter, kRelayParameter, {.name = "relay_range", .coding = Coding::kHex}},
    {0x0F, 0x0F, {.name = "device_identity", .coding = Coding::kText}}};

// Annex D.4. Limits come in pairs, upper then lower.
constexpr ElementRow kRunning[] = {{0x20, 0x20, {"timed_interval", "h"}},
                                   {0x21, 0x21, {"extra_interval", "min"}},
                                   {0x22, 0x22, {"rain_day_start", "h"}},
                                   {0x23, 0x23, {"sampling_interval", "s"}},
                                   {0x24, 0x24, {"level_storage_interval", "min"}},
                                   {0x25, 0x25, {"rain_resolution", "mm"}},
                                   {0x26, 0x26, {"level_resolution", "cm"}},
                                   {0x27, 0x27, {"rain_report_threshold", "mm"}},
                                   {0x28, 0x2F, {"level_base", "m"}},
                                   {0x30, 0x37, {"level_correction", "m"}},
                                   {0x38, 0x3F, {"level_report_threshold", "m"}},
                                   {0x40, 0x40, {"level_extra_above", "m"}},
                                   {0x41, 0x41, {"level_extra_below", "m"}},
                                   {0x42, 0x42, {"flow_report_threshold", "m3/s"}},
                                   {0x43, 0x43, {"velocity_report_threshold", "m/s"}},
                                   {0x44, 0x44, {"gate_report_threshold", "m"}},
                                   {0x45, 0x45, {"power_report_threshold", "kW"}},
                                   {0x46, 0x46, {"air_pressure_report_threshold", "hPa"}},
                                   {0x47, 0x47, {"wind_report_threshold", "m/s"}},
                                   {0x48, 0x48, {"water_temperature_report_threshold", "C"}},
                                   {0x49, 0x58, {"intake_level_limit", "m"}},
                                   {0x59, 0x68, {"water_pressure_limit", "kPa"}},
                                   {0x69, 0x6A, {"water_temperature_limit", "C"}},
                                   {0x6B, 0x6C, {"ph_limit"}},
                                   {0x6D, 0x6E, {"dissolved_oxygen_limit", "mg/L"}},
                                   {0x6F, 0x70, {"permanganate_index_limit", "mg/L"}},
                                   {0x71, 0x72, {"conductivity_limit", "uS/cm"}},
                                   {0x73, 0x74, {"redox_potential_limit", "mV"}},
                                   {0x75, 0x76, {"turbidity_limit", "NTU"}},
                                   {0x77, 0x78, {"ammonia_nitrogen_limit", "mg/L"}},
                                   {0x79, 0x7A, {"total_nitrogen_limit", "mg/L"}},
                                   {0x7B, 0x7C, {"copper_limit", "mg/L"}},
                                   {0x7D, 0x7E, {"zinc_limit", "mg/L"}},
                                   {0x7F, 0x80, {"fluoride_limit", "mg/L"}},
                                   {0x81, 0x82, {"selenium_limit", "mg/L"}},
                                   {0x83, 0x84, {"arsenic_limit", "mg/L"}},
                                   {0x85, 0x86, {"mercury_limit", "mg/L"}},
                                   {0x87, 0x88, {"cadmium_limit", "mg/L"}},
                                   {0x89, 0x8A, {"organic_carbon_limit", "mg/L"}},
                                   {0x8B, 0x8C, {"chlorophyll_a_limit", "mg/L"}},
                                   {0x8D, 0x8D, {"flow_limit", "m3/s"}},
                                   {0x8E, 0x95, {"recharged_volume", "m3"}},
                                   {0x96, 0x96, {"volume_quota", "m3"}},
                                   {0x97, 0x97, {"initialise_memory"}},
                                   {0x98, 0x98, {"factory_reset"}},
                                   {0x99, 0xA0, {"meter_base", "m3"}},
                                   {0xA1, 0xA8, {"remaining_volume_alarm", "m3"}}};

using Table = std::array<ElementKind, 256>;

constexpr Table MakeTable(std::span<const ElementRow> rows) {
  Table table{};
  for (const ElementRow& row : rows) {
    for (int id = row.first; id <= row.last; ++id) {
      ElementKind kind = row.kind;
      if (row.first != row.last) kind.index = static_cast<uint8_t>(id - row.first + 1);
      table[static_cast<size_t>(id)] = kind;
    }
  }
  return table;
}

constexpr Table kElementTable = MakeTable(kElements);
constexpr Table kBasicTable = MakeTable(kBasic);
constexpr Table kRunningTable = MakeTable(kRunning);

const ElementKind* FindIn(const Table& table, uint8_t identifier) {
  const ElementKind& kind = table[identifier];
  return kind.name.empty() ? nullptr : &kind;
}

// Table 58: the bits of the status word from the lowest.
constexpr std::string_view kStatusBits[] = {
    "mains_lost",    "battery_low",      "level_limit",       "flow_limit",
    "quality_limit", "flow_meter_fault", "level_gauge_fault", "door_closed",
    "memory_fault",  "card_active",      "pump_stopped",      "remaining_volume"};

struct FunctionRow {
  Function function;
  std::string_view name;
};

constexpr FunctionRow kFunctions[] = {
    {Function::kKeepAlive, "keep_alive"},
    {Function::kTest, "test"},
    {Function::kUniform, "uniform_period"},
    {Function::kTimed, "timed"},
    {Function::kAlarm, "alarm"},
    {Function::kHourly, "hourly"},
    {Function::kManual, "manual"},
    {Function::kPicture, "picture"},
    {Function::kQueryNow, "query_now"},
    {Function::kQueryPeriod, "query_period"},
    {Function::kQueryManual, "query_manual"},
    {Function::kQueryElements, "query_elements"},
    {Function::kSetBasic, "set_basic_configuration"},
    {Function::kGetBasic, "get_basic_configuration"},
    {Function::kSetRunning, "set_running_configuration"},
    {Function::kGetRunning, "get_running_configuration"},
    {Function::kPumps, "pumps"},
    {Function::kVersion, "version"},
    {Function::kStatus, "status"},
    {Function::kInitialise, "initialise_memory"},
    {Function::kFactoryReset, "factory_reset"},
    {Function::kPassword, "change_password"},
    {Function::kSetClock, "set_clock"},
    {Function::kCard, "card_state"},
    {Function::kPumpSwitch, "switch_pump"},
    {Function::kValveSwitch, "switch_valve"},
    {Function::kGateSwitch, "switch_gate"},
    {Function::kQuota, "volume_quota"},
    {Function::kEvents, "events"},
    {Function::kGetClock, "get_clock"},
};

}  // namespace

std::string_view Name(Function function) {
  for (const FunctionRow& row : kFunctions) {
    if (row.function == function) return row.name;
  }
  return "";
}

const ElementKind* FindElement(Function function, uint8_t identifier) {
  switch (function) {
    case Function::kSetBasic:
    case Function::kGetBasic:
    case Function::kPassword:
      return FindIn(kBasicTable, identifier);
    case Function::kSetRunning:
    case Function::kGetRunning:
    case Function::kInitialise:
    case Function::kFactoryReset:
      return FindIn(kRunningTable, identifier);
    default:
      return FindIn(kElementTable, identifier);
  }
}

std::string_view StatusBitName(int bit) {
  return bit >= 0 && bit < static_cast<int>(std::size(kStatusBits)) ? kStatusBits[bit] : "";
}

}  // namespace karez::protocols::sl651
