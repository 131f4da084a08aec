// What differs between CJ/T 188 meters of different make: scaling, byte orders, status bits, valve
// codes, vendor identifiers. Data only; files are under libs/protocols/profiles, read by
// libs/protocols/profiles_json. Immutable once loaded, shared between threads.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/protocols/fixed.h"
#include "libs/protocols/status_rule.h"

namespace karez::protocols::cjt188 {

// How the two bytes of a data identifier are SENT. Both are decoded always.
enum class DiOrder : uint8_t { kHighFirst /* 90 1F */, kLowFirst /* 1F 90 */ };

enum class ClockOrder : uint8_t {
  kLowFirst,   // ss mm hh DD MM YY CC, the standard's
  kHighFirst,  // CC YY MM DD hh mm ss
};

// Of the status as ST0 << 8 | ST1.
using protocols::StatusRule;
using protocols::StatusRules;

// ST0 D1D0 valve (00 open, 01 closed, 11 abnormal), D2 battery low.
const StatusRules& StandardStatusRules();

// A vendor identifier whose answer is a series of increments:
//   DI(2) SER(1) day(4: DD MM YY CC) [base(4) unit(1)] count × increment(width) [ST0 ST1]
// all BCD, low byte first. FF… in an increment: not available.
struct SeriesSpec {
  uint16_t identifier = 0;
  uint16_t interval_minutes = 60;
  uint8_t count = 24;    // 1…96
  uint8_t width = 2;     // bytes of an increment, 1…4
  uint8_t decimals = 3;  // of an increment in m³, 0…6
  bool has_base = true;  // register at the day's start
  bool has_status = false;

  size_t DataLength() const {
    return 3 + 4 + (has_base ? 5u : 0u) + size_t{count} * width + (has_status ? 2u : 0u);
  }
};

struct ValveCodes {
  std::optional<uint8_t> open = 0x55;
  std::optional<uint8_t> close = 0x99;
  // Vendor codes contradict each other: sent only when the profile names them.
  std::optional<uint8_t> half_open;
  std::optional<uint8_t> exercise;
  std::optional<uint8_t> free_open;
  std::optional<uint8_t> free_close;
  std::optional<uint8_t> query;
};

enum class Edition : uint8_t {
  k2004,
  k2018,  // also the records and heat layouts that only the 2018 text has
};

struct Profile {
  Edition edition = Edition::k2018;
  DiOrder di_order = DiOrder::kHighFirst;
  ClockOrder clock_order = ClockOrder::kLowFirst;
  uint8_t meter_type = 0x10;             // T of requests
  uint8_t wake_up_bytes = 0;             // FE sent before a request, 0…10
  uint8_t volume_decimals = 2;           // of the four BCD bytes of a volume, 0…6
  std::optional<uint8_t> unit_override;  // replaces the unit code of every volume
  uint8_t implied_unit = 0x2C;           // of volumes that are sent without unit
  uint8_t valve_control = 0x04;          // or 2A
  ValveCodes valve;
  StatusRules status = StandardStatusRules();
  FixedVector<SeriesSpec, 4> series;

  const SeriesSpec* FindSeries(uint16_t identifier) const {
    for (const SeriesSpec& spec : series) {
      if (spec.identifier == identifier) return &spec;
    }
    return nullptr;
  }
};

}  // namespace karez::protocols::cjt188
