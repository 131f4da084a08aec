#include <algorithm>
#include <iterator>

#include "libs/protocols/sl651/message.h"

namespace karez::protocols::sl651 {
namespace {

struct ElementRow {
  uint8_t first;
  uint8_t last;  // the kinds' indices run from 1
  ElementKind kind;
};

// Annex C of the standard, as public implementations agree on it.
constexpr ElementRow kElements[] = {
    {0x01, 0x01, {"section_area", "m2"}},
    {0x02, 0x02, {"air_temperature", "C"}},
    {0x03, 0x03, {"water_temperature", "C", Unit::kCelsius, Quantity::kTemperature}},
    {0x04, 0x04, {"time_step", ""}},
    {0x05, 0x05, {"period_length", ""}},
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
    {0x10, 0x17, {"soil_moisture", "%"}},
    {0x18, 0x18, {"humidity", "%"}},
    {0x19, 0x19, {"running_units", ""}},
    {0x1A, 0x1E, {"period_rain", "mm"}},
    {0x1F, 0x1F, {"daily_rain", "mm"}},
    {0x20, 0x20, {"current_rain", "mm"}},
    {0x21, 0x24, {"short_rain", "mm"}},
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
    {0x45, 0x45, {"status", ""}},
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

constexpr auto MakeTable() {
  std::array<ElementKind, 256> table{};
  for (const ElementRow& row : kElements) {
    for (int id = row.first; id <= row.last; ++id) {
      ElementKind kind = row.kind;
      if (row.first != row.last) kind.index = static_cast<uint8_t>(id - row.first + 1);
      table[static_cast<size_t>(id)] = kind;
    }
  }
  return table;
}

constexpr std::array<ElementKind, 256> kTable = MakeTable();

struct ParameterRow {
  uint8_t identifier;
  std::string_view name;
};

constexpr ParameterRow kBasic[] = {{0x01, "centres"},
                                   {0x02, "station"},
                                   {0x03, "password"},
                                   {0x04, "centre1_main"},
                                   {0x05, "centre1_backup"},
                                   {0x06, "centre2_main"},
                                   {0x07, "centre2_backup"},
                                   {0x08, "centre3_main"},
                                   {0x09, "centre3_backup"},
                                   {0x0A, "centre4_main"},
                                   {0x0B, "centre4_backup"},
                                   {0x0C, "working_mode"},
                                   {0x0D, "collected_elements"},
                                   {0x0E, "relay_range"},
                                   {0x0F, "device_identity"}};

constexpr ParameterRow kRunning[] = {{0x20, "timed_interval_h"},
                                     {0x21, "extra_interval_min"},
                                     {0x22, "rain_day_start_h"},
                                     {0x23, "sampling_interval_s"},
                                     {0x24, "level_storage_interval_min"},
                                     {0x25, "rain_resolution_mm"},
                                     {0x26, "level_resolution_cm"},
                                     {0x27, "rain_report_threshold"},
                                     {0x28, "level_base1_m"},
                                     {0x30, "level_correction1_m"},
                                     {0x38, "level_report_threshold_m"},
                                     {0x40, "level_extra_above_m"},
                                     {0x41, "level_extra_below_m"}};

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

const ElementKind* FindElement(uint8_t identifier) {
  const ElementKind& kind = kTable[identifier];
  return kind.name.empty() ? nullptr : &kind;
}

std::string_view ParameterName(Function function, uint8_t identifier) {
  const bool basic = function == Function::kSetBasic || function == Function::kGetBasic ||
                     function == Function::kPassword;
  const std::span<const ParameterRow> rows =
      basic ? std::span<const ParameterRow>(kBasic) : std::span<const ParameterRow>(kRunning);
  for (const ParameterRow& row : rows) {
    if (row.identifier == identifier) return row.name;
  }
  return "";
}

}  // namespace karez::protocols::sl651
