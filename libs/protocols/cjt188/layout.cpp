#include "libs/protocols/cjt188/layout.h"

namespace karez::protocols::cjt188 {
namespace {

using enum Quantity;

constexpr FieldSpec Volume(std::string_view name, Storage storage, uint8_t index = 0) {
  return {name, Form::kVolume, 5, kVolume, storage, index};
}
constexpr FieldSpec Amount(std::string_view name, Quantity quantity, uint8_t index,
                           uint8_t size = 4) {
  return {name, Form::kAmount, size, quantity, Storage::kCurrent, index};
}
constexpr FieldSpec Scaled(std::string_view name, Quantity quantity, Storage storage,
                           uint8_t decimals) {
  return {name,     Form::kScaled, 5,
          quantity, storage,       storage == Storage::kSettlement ? uint8_t{1} : uint8_t{0},
          decimals};
}
constexpr FieldSpec Bcd(std::string_view name, uint8_t size, Quantity quantity, uint8_t decimals,
                        Unit unit, uint8_t index = 0) {
  return {name, Form::kBcd, size, quantity, Storage::kCurrent, index, decimals, unit};
}
constexpr FieldSpec Frozen(FieldSpec spec) {
  spec.storage = Storage::kFreeze;
  return spec;
}
constexpr FieldSpec Plain(std::string_view name, Form form, uint8_t size) {
  return {name, form, size};
}

constexpr FieldSpec kStatusField = Plain("status", Form::kStatus, 2);
constexpr FieldSpec kShortStatus = Plain("status", Form::kStatus, 1);
constexpr FieldSpec kClockField = Plain("meter_time", Form::kClock, 7);

constexpr FieldSpec kWater[] = {Volume("current", Storage::kCurrent),
                                Volume("settlement", Storage::kSettlement, 1), kClockField,
                                kStatusField};
constexpr FieldSpec kShortWater[] = {Amount("current", kVolume, 0), kStatusField};
constexpr FieldSpec kHeat[] = {Scaled("settled", kEnergy, Storage::kSettlement, 2),
                               Scaled("current", kEnergy, Storage::kCurrent, 2),
                               Scaled("power", kPower, Storage::kCurrent, 2),
                               Scaled("flow", kFlow, Storage::kCurrent, 4),
                               Volume("volume", Storage::kCurrent),
                               Bcd("supply", 3, kSupplyTemperature, 2, Unit::kCelsius),
                               Bcd("return", 3, kReturnTemperature, 2, Unit::kCelsius),
                               Bcd("hours", 3, kOperatingTime, 0, Unit::kHour),
                               kClockField,
                               kStatusField};
constexpr FieldSpec kCompactHeat[] = {Scaled("settled", kEnergy, Storage::kSettlement, 2),
                                      Scaled("current", kEnergy, Storage::kCurrent, 2),
                                      Bcd("power", 4, kPower, 2, Unit::kKilowatt),
                                      Bcd("flow", 4, kFlow, 4, Unit::kCubicMetrePerHour),
                                      Volume("volume", Storage::kCurrent),
                                      Bcd("supply", 2, kSupplyTemperature, 2, Unit::kCelsius),
                                      Bcd("return", 2, kReturnTemperature, 2, Unit::kCelsius),
                                      Bcd("hours", 4, kOperatingTime, 0, Unit::kHour),
                                      kClockField,
                                      kStatusField};
// The index of the month is the identifier's distance from D120, added when the field is read.
constexpr FieldSpec kSettlementVolume[] = {Volume("settlement", Storage::kSettlement, 1)};
constexpr FieldSpec kPrices[] = {Bcd("price1", 3, kPrice, 2, Unit::kYuanPerCubicMetre, 1),
                                 Bcd("volume1", 3, kTierLimit, 0, Unit::kCubicMetre, 1),
                                 Bcd("price2", 3, kPrice, 2, Unit::kYuanPerCubicMetre, 2),
                                 Bcd("volume2", 3, kTierLimit, 0, Unit::kCubicMetre, 2),
                                 Bcd("price3", 3, kPrice, 2, Unit::kYuanPerCubicMetre, 3)};
constexpr FieldSpec kSettlementDay[] = {Plain("settlement_day", Form::kDay, 1)};
constexpr FieldSpec kReadingDay[] = {Plain("reading_day", Form::kDay, 1)};
constexpr FieldSpec kPurchases[] = {Plain("purchase_number", Form::kByte, 1),
                                    Amount("purchased", kPurchasedVolume, 1),
                                    Amount("purchased_total", kPurchasedVolume, 2),
                                    Amount("remaining", kRemainingVolume, 0), kStatusField};
constexpr FieldSpec kKeyVersion[] = {Plain("key_version", Form::kByte, 1)};
constexpr FieldSpec kReplyAddress[] = {Plain("reply_address", Form::kAddress, 7)};
constexpr FieldSpec kRecord[] = {
    kClockField, Frozen(Volume("cumulative", Storage::kFreeze)),
    Frozen(Scaled("flow", kFlow, Storage::kFreeze, 4)),
    Frozen(Bcd("temperature", 3, kTemperature, 2, Unit::kCelsius)),
    // Neither source says how the pressure is scaled: digits as sent, no unit.
    Frozen(Bcd("pressure", 3, kPressure, 0, Unit::kNone))};
constexpr FieldSpec kHeatPower[] = {Scaled("power", kPower, Storage::kCurrent, 2)};
constexpr FieldSpec kHeatReturn[] = {Bcd("return", 3, kReturnTemperature, 2, Unit::kCelsius)};
constexpr FieldSpec kHeatSupply[] = {Bcd("supply", 3, kSupplyTemperature, 2, Unit::kCelsius)};
constexpr FieldSpec kHeatHours[] = {Bcd("hours", 3, kOperatingTime, 0, Unit::kHour)};
constexpr FieldSpec kHeatClock[] = {kClockField};

constexpr FieldSpec kPurchase[] = {Plain("purchase_number", Form::kByte, 1),
                                   Amount("purchased", kPurchasedVolume, 1)};
constexpr FieldSpec kNewKey[] = {Plain("key_version", Form::kByte, 1),
                                 Plain("key", Form::kBytes, 8)};
constexpr FieldSpec kNewTime[] = {Plain("new_time", Form::kClock, 7)};
constexpr FieldSpec kBase[] = {Volume("base", Storage::kCurrent)};
constexpr FieldSpec kValve[] = {Plain("valve_code", Form::kByte, 1)};
constexpr FieldSpec kNewAddress[] = {Plain("new_address", Form::kAddress, 7)};
constexpr FieldSpec kData[] = {Plain("data", Form::kBytes, 0)};

constexpr FieldSpec kTaken1[] = {kShortStatus};
constexpr FieldSpec kTaken2[] = {kStatusField};
constexpr FieldSpec kSeries[] = {Plain("day", Form::kDate, 4), Volume("base", Storage::kCurrent),
                                 kStatusField};

constexpr Edition k04 = Edition::k2004;
constexpr Edition k18 = Edition::k2018;
constexpr Function kRead = Function::kRead;
constexpr Function kWrite = Function::kWrite;

constexpr Layout kReplies[] = {
    {kRead, true, k04, 0x901F, 0x901F, 22, Kind::kReading, kWater},
    {kRead, true, k04, 0x901F, 0x901F, 46, Kind::kReading, kHeat},
    {kRead, true, k04, 0x901F, 0x901F, 9, Kind::kReading, kShortWater},
    {kRead, true, k18, 0x901F, 0x901F, 43, Kind::kReading, kCompactHeat},
    {kRead, true, k04, 0xD120, 0xD12B, 8, Kind::kHistory, kSettlementVolume},
    {kRead, true, k18, 0xD200, 0xD4FF, 26, Kind::kHistory, kRecord},
    {kRead, true, k04, 0x8102, 0x8102, 18, Kind::kParameter, kPrices},
    {kRead, true, k04, 0x8103, 0x8103, 4, Kind::kParameter, kSettlementDay},
    {kRead, true, k04, 0x8104, 0x8104, 4, Kind::kParameter, kReadingDay},
    {kRead, true, k04, 0x8105, 0x8105, 18, Kind::kReading, kPurchases},
    {kRead, true, k04, 0x8106, 0x8106, 4, Kind::kParameter, kKeyVersion},
    {Function::kReadKeyVersion, true, k04, 0x8106, 0x8106, 4, Kind::kParameter, kKeyVersion},
    {Function::kReadAddress, true, k04, 0x810A, 0x810A, 3, Kind::kParameter, {}},
    {Function::kReadAddress, true, k04, 0x810A, 0x810A, 10, Kind::kParameter, kReplyAddress},
    {kRead, true, k18, 0x903F, 0x903F, 8, Kind::kReading, kHeatPower},
    {kRead, true, k18, 0x904F, 0x904F, 6, Kind::kReading, kHeatReturn},
    {kRead, true, k18, 0x905F, 0x905F, 6, Kind::kReading, kHeatSupply},
    {kRead, true, k18, 0x906F, 0x906F, 6, Kind::kReading, kHeatHours},
    {kRead, true, k18, 0x907F, 0x907F, 10, Kind::kReading, kHeatClock},
};

constexpr Layout kRequests[] = {
    {kRead, false, k04, 0x901F, 0x901F, 3, Kind::kRequest, {}},
    {kRead, false, k04, 0xD120, 0xD12B, 3, Kind::kRequest, {}},
    {kRead, false, k04, 0x8102, 0x8106, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0xD200, 0xD4FF, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x903F, 0x903F, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x904F, 0x904F, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x905F, 0x905F, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x906F, 0x906F, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x907F, 0x907F, 3, Kind::kRequest, {}},
    {kRead, false, k18, 0x911F, 0x911F, 3, Kind::kRequest, {}},
    {Function::kReadAddress, false, k04, 0x810A, 0x810A, 3, Kind::kRequest, {}},
    {Function::kReadKeyVersion, false, k04, 0x8106, 0x8106, 3, Kind::kRequest, {}},
    {kWrite, false, k04, 0xA017, 0xA017, 4, Kind::kRequest, kValve},
    {Function::kVendor, false, k04, 0xA017, 0xA017, 4, Kind::kRequest, kValve},
    {kWrite, false, k04, 0xA010, 0xA010, 18, Kind::kRequest, kPrices},
    {kWrite, false, k04, 0xA011, 0xA011, 4, Kind::kRequest, kSettlementDay},
    {kWrite, false, k04, 0xA012, 0xA012, 4, Kind::kRequest, kReadingDay},
    {kWrite, false, k04, 0xA013, 0xA013, 8, Kind::kRequest, kPurchase},
    {kWrite, false, k04, 0xA014, 0xA014, 12, Kind::kRequest, kNewKey},
    {kWrite, false, k04, 0xA015, 0xA015, 10, Kind::kRequest, kNewTime},
    {kWrite, false, k04, 0xA019, 0xA019, 3, Kind::kRequest, {}},
    {Function::kWriteAddress, false, k04, 0xA018, 0xA018, 10, Kind::kRequest, kNewAddress},
    {Function::kWriteBase, false, k04, 0xA016, 0xA016, 8, Kind::kRequest, kBase},
    {kWrite, false, k18, 0xA101, 0xA107, 0, Kind::kRequest, kData},
};

// A meter answers a write with nothing, one or two status bytes.
constexpr Layout kTaken[] = {
    {kWrite, true, k04, 0, 0, 3, Kind::kAcknowledged, {}},
    {kWrite, true, k04, 0, 0, 4, Kind::kAcknowledged, kTaken1},
    {kWrite, true, k04, 0, 0, 5, Kind::kAcknowledged, kTaken2},
};

constexpr std::array<bool, 256> MakeHighBytes() {
  std::array<bool, 256> known{};
  for (const Layout& layout : kReplies) {
    for (size_t high = layout.first >> 8; high <= layout.last >> 8; ++high) known[high] = true;
  }
  for (const Layout& layout : kRequests) {
    for (size_t high = layout.first >> 8; high <= layout.last >> 8; ++high) known[high] = true;
  }
  return known;
}
bool Covers(const Layout& layout, Function function, Edition edition, uint16_t identifier) {
  return layout.function == function && layout.edition <= edition && layout.first <= identifier &&
         identifier <= layout.last;
}

bool IsWriteFunction(Function function) {
  return function == Function::kWrite || function == Function::kWriteAddress ||
         function == Function::kWriteBase || function == Function::kVendor;
}

const Layout* FindTaken(Function function, Edition edition, uint16_t identifier, size_t length,
                        bool& known) {
  for (const Layout& request : kRequests) {
    if (!Covers(request, function, edition, identifier)) continue;
    known = true;
    for (const Layout& layout : kTaken) {
      if (layout.length == length) return &layout;
    }
    return nullptr;
  }
  return nullptr;
}

}  // namespace

constexpr std::array<bool, 256> kKnownHighBytes = MakeHighBytes();

const Layout* FindLayout(Function function, bool reply, Edition edition, uint16_t identifier,
                         size_t length, bool& known) {
  known = false;
  if (reply && IsWriteFunction(function)) {
    return FindTaken(function, edition, identifier, length, known);
  }
  const std::span<const Layout> table =
      reply ? std::span<const Layout>(kReplies) : std::span<const Layout>(kRequests);
  for (const Layout& layout : table) {
    if (!Covers(layout, function, edition, identifier)) continue;
    known = true;
    if (layout.length == length || layout.length == 0) return &layout;
  }
  // What may be asked for is known, even where no source says how the answer is laid out (911F).
  for (const Layout& layout : kRequests) {
    if (reply && Covers(layout, function, edition, identifier)) known = true;
  }
  return nullptr;
}

std::span<const FieldSpec> ErrorFields(size_t data_length) {
  if (data_length == 2) return kTaken1;
  if (data_length == 3) return kTaken2;
  return {};
}

std::span<const FieldSpec> SeriesFields() { return kSeries; }

}  // namespace karez::protocols::cjt188
