#include "libs/protocols/mbus/vendor.h"

#include <array>
#include <span>

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

struct Bit {
  uint8_t number;
  std::string_view name;
};

constexpr Bit kKamstrupWater[] = {{0, "DRY"}, {1, "REVERSE"}, {2, "LEAK"}, {3, "BURST"}};
constexpr Bit kKamstrupWater32[] = {{0, "DRY"},
                                    {1, "REVERSE"},
                                    {2, "LEAK"},
                                    {3, "BURST"},
                                    {4, "TAMPER"},
                                    {5, "LOW_BATTERY"},
                                    {6, "LOW_AMBIENT_TEMPERATURE"},
                                    {7, "FLOW_ABOVE_Q4"},
                                    {9, "NO_CONSUMPTION"}};

// Records of VIF FF and one VIFE that hold status bits.
struct FlagRow {
  std::string_view manufacturer;
  uint8_t vife;
  std::span<const Bit> bits;
};
constexpr FlagRow kFlags[] = {{"KAM", 0x20, kKamstrupWater},
                              {"KAW", 0x20, kKamstrupWater},
                              {"KAM", 0x23, kKamstrupWater32},
                              {"KAW", 0x23, kKamstrupWater32}};

// BMETERS: bit 0 of the first byte says that the low half of the second is the battery.
constexpr std::array<int, 16> kBmetersMillivolts = {3700, 1900, 2100, 2200, 2300, 2400, 2500, 2650,
                                                    2800, 2900, 3050, 3200, 3350, 3500, 3700, 3700};

}  // namespace

std::optional<std::string> VendorFlags(const Identity& maker, const Record& record) {
  if (record.vif.size() != 2 || record.vif[0] != 0xFF || record.value.size() > 8) {
    return std::nullopt;
  }
  const FixedText<3> manufacturer = ManufacturerText(maker.manufacturer);
  for (const FlagRow& row : kFlags) {
    if (row.manufacturer != manufacturer.view() || row.vife != record.vif[1]) continue;
    const uint64_t status = LoadLowFirst(record.value);
    std::string text;
    for (const Bit& bit : row.bits) {
      if ((status >> bit.number & 1) == 0) continue;
      text += (text.empty() ? "" : " ") + std::string(bit.name);
    }
    return text.empty() ? "OK" : text;
  }
  return std::nullopt;
}

std::optional<int> VendorBatteryMillivolts(const Identity& maker, Bytes data) {
  if (ManufacturerText(maker.manufacturer).view() != "BMT" || data.size() < 2) return std::nullopt;
  if ((data[0] & std::byte{1}) == std::byte{0}) return std::nullopt;
  return kBmetersMillivolts[std::to_integer<size_t>(data[1]) & 0x0F];
}

}  // namespace karez::protocols::mbus
