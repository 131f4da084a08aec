#include "libs/protocols/mbus/fixed.h"

#include <algorithm>

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

// Places of the fields behind number, access number and status.
constexpr size_t kUnitsAt = 6;
constexpr size_t kCountersAt = 8;

constexpr uint8_t kHistoric = 0x3E;  // of the second counter: the first one's, at a fixed day

uint64_t Load(Bytes bytes, bool high_first) {
  uint64_t value = LoadLowFirst(bytes);
  if (!high_first) return value;
  value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint64_t>(b);
  return value;
}

void Store(uint64_t value, std::byte* out, size_t size, bool high_first) {
  StoreLowFirst(value, out, size);
  if (high_first) std::reverse(out, out + size);
}

// Units in steps of ten, first … first + 8, as VIFs: five of the main table, two of table FB, then
// those a thousand times as large.
struct Scale {
  uint8_t first;
  uint8_t vif;
  uint8_t extended;
};
constexpr Scale kScales[] = {
    {0x02, 0x03, 0x00},  // Wh
    {0x0B, 0x0B, 0x08},  // kJ
    {0x14, 0x2B, 0x28},  // W
    {0x1D, 0x33, 0x30},  // kJ/h
};

using Vif = FixedVector<uint8_t, 3>;

Vif MakeVif(std::initializer_list<int> codes) {
  Vif vif;
  for (const int code : codes) vif.push_back(static_cast<uint8_t>(code));
  return vif;
}

Vif VifOf(uint8_t unit) {
  for (const Scale& scale : kScales) {
    const int step = unit - scale.first;
    if (step < 0 || step > 8) continue;
    if (step < 5) return MakeVif({scale.vif + step});
    if (step < 7) return MakeVif({0xFB, scale.extended + step - 5});
    if (step == 7) return MakeVif({(scale.vif + 4) | 0x80, 0x7D});
    return MakeVif({0xFB, scale.extended | 0x80, 0x7D});
  }
  if (unit >= 0x26 && unit <= 0x2D) return MakeVif({0x10 + unit - 0x26});  // ml … 10 m³
  if (unit == 0x2E) return MakeVif({0xFB, 0x10});
  if (unit >= 0x2F && unit <= 0x36) return MakeVif({0x38 + unit - 0x2F});  // ml/h … 10 m³/h
  if (unit == 0x37) return MakeVif({0xBF, 0x77});
  if (unit == 0x38) return MakeVif({0x58});        // 0.001 °C
  if (unit == 0x39) return MakeVif({0x6E});        // heat cost allocator's
  if (unit == 0x3F) return MakeVif({0xFD, 0x3A});  // none
  return MakeVif({0x7E});  // clock times, and what the standard reserves: a number of any kind
}

}  // namespace

bool ParseFixed(Bytes body, bool high_first, FixedStructure& out) {
  if (body.size() != FixedStructure::kSize) return false;
  out.number = static_cast<uint32_t>(Load(body.first(4), high_first));
  out.access = static_cast<uint8_t>(body[4]);
  out.status = static_cast<uint8_t>(body[5]);
  const uint64_t units = Load(body.subspan(kUnitsAt, 2), high_first);
  out.units = {static_cast<uint8_t>(units & 0x3F), static_cast<uint8_t>(units >> 8 & 0x3F)};
  out.medium = static_cast<uint8_t>((units >> 6 & 3) | (units >> 14 & 3) << 2);
  for (size_t i = 0; i < 2; ++i) {
    out.counters[i] = static_cast<uint32_t>(Load(body.subspan(kCountersAt + 4 * i, 4), high_first));
  }
  return true;
}

void WriteFixed(const FixedStructure& fixed, bool high_first, std::byte* out) {
  Store(fixed.number, out, 4, high_first);
  out[4] = std::byte{fixed.access};
  out[5] = std::byte{fixed.status};
  const unsigned units = (fixed.units[0] & 0x3Fu) | (fixed.medium & 3u) << 6 |
                         (fixed.units[1] & 0x3Fu) << 8 | (fixed.medium >> 2 & 3u) << 14;
  Store(units, out + kUnitsAt, 2, high_first);
  for (size_t i = 0; i < 2; ++i) Store(fixed.counters[i], out + kCountersAt + 4 * i, 4, high_first);
}

uint8_t MediumOf(const FixedStructure& fixed) {
  constexpr uint8_t kSecond[] = {0x03, 0x04, 0x06, 0x07, 0x08};
  const bool second = fixed.medium >= 0x09 && fixed.medium <= 0x0D;
  return second ? kSecond[fixed.medium - 0x09] : fixed.medium;
}

size_t FixedRecords(const FixedStructure& fixed, bool high_first, std::span<std::byte> out,
                    std::span<uint8_t> positions) {
  size_t size = 0;
  const auto put = [&](uint64_t byte, size_t position) {
    out[size] = static_cast<std::byte>(byte & 0xFF);
    positions[size++] = static_cast<uint8_t>(position);
  };
  for (size_t i = 0; i < 2; ++i) {
    const bool historic = i == 1 && fixed.units[1] == kHistoric;
    const bool stored = historic || (fixed.status & FixedStructure::kStored) != 0;
    const bool binary = (fixed.status & FixedStructure::kBinary) != 0;
    const size_t unit_at = kUnitsAt + (high_first ? 1 - i : i);
    put((binary ? 0x04u : 0x0Cu) | (stored ? 0x40u : 0u), unit_at);
    for (const uint8_t code : VifOf(fixed.units[historic ? 0 : i])) put(code, unit_at);
    for (size_t n = 0; n < 4; ++n) {
      put(fixed.counters[i] >> (8 * n), kCountersAt + 4 * i + (high_first ? 3 - n : n));
    }
  }
  return size;
}

}  // namespace karez::protocols::mbus
