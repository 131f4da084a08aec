// A tariff: how one class of water use is charged from a date on. Values without I/O; the wire form
// is karez.billing.v1.TariffDefinition, and enum numbers are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/time.h"
#include "libs/base/uuid.h"

namespace karez::billing {

using TariffId = Id<struct TariffTag>;

// A whole in millionths: 900000 is 90 %.
inline constexpr std::int64_t kWholeMillionths = 1'000'000;
// Larger figures are mistakes of entry; refusing them keeps every product and sum in range.
inline constexpr std::int64_t kPriceMicroYuanMax = 1'000'000'000'000;  // a million yuan per m³
inline constexpr std::int64_t kVolumeMlMax = 1'000'000'000'000'000;    // 10⁹ m³
inline constexpr std::int64_t kRatioMillionthsMax = 1'000'000'000;     // a thousand times
inline constexpr std::int32_t kPersonsMax = 10'000;
inline constexpr std::size_t kComponentsMax = 20;
inline constexpr std::size_t kTiersMax = 20;

enum class Medium : int { kUnspecified, kWater, kReclaimedWater, kElectricity, kGas, kHeat };
enum class ComponentKind : int {
  kUnspecified,
  kWater,
  kSewage,
  kResource,
  kGarbage,
  kSurcharge,
  kBooster,
};
enum class Payee : int { kUnspecified, kUtility, kGovernment };
enum class TierPeriod : int { kUnspecified, kCalendarYear, kCalendarMonth, kAnniversaryYear };
enum class PartialPeriod : int { kUnspecified, kFullLimits, kByMonths };
enum class AllowanceMethod : int { kUnspecified, kShiftAll, kTier1Only };
enum class PriceChangeMethod : int {
  kUnspecified,
  kByReadingDate,
  kDailyProration,
  kExtraReading,
};

struct TierPrice {
  std::int64_t micro_yuan = 0;
};
struct TierRatio {
  std::int64_t millionths = 0;  // of the first tier's price
};
struct TierMarkup {
  std::int64_t micro_yuan = 0;  // on top of the first tier's price
};
struct Tier {
  std::optional<std::int64_t> upper_limit_ml{};  // belongs to the tier; absent for the last
  std::variant<std::monostate, TierPrice, TierRatio, TierMarkup> price{};
};

struct FlatPrice {
  std::int64_t micro_yuan = 0;
};
struct TieredPrice {
  std::vector<Tier> tiers{};
};
struct Component {
  std::string code{};
  std::string name{};  // empty: the code is shown
  ComponentKind kind = ComponentKind::kUnspecified;
  Payee payee = Payee::kUnspecified;
  std::int64_t volume_ratio_millionths = 0;  // 0: all of the volume
  std::variant<std::monostate, FlatPrice, TieredPrice> price{};
  std::string tax_treatment{};

  const std::string& shown_name() const { return name.empty() ? code : name; }
};

struct TierRule {
  TierPeriod period = TierPeriod::kUnspecified;
  PartialPeriod first_period = PartialPeriod::kUnspecified;
  std::int32_t months_per_bill = 0;  // 0: 1
};

struct HouseholdAllowance {
  AllowanceMethod method = AllowanceMethod::kUnspecified;
  std::int32_t base_persons = 0;
  std::int64_t per_person_ml = 0;
  std::int64_t fixed_ml = 0;
  std::int32_t max_persons = 0;  // 0: no cap
};

struct TariffDefinition {
  std::string code{};
  std::string name{};
  std::optional<LocalDate> effective_from{};  // absent: missing or no date
  std::vector<Component> components{};
  std::optional<TierRule> tier_rule{};
  std::optional<HouseholdAllowance> household_allowance{};
  PriceChangeMethod price_change_method = PriceChangeMethod::kUnspecified;
  Medium medium = Medium::kUnspecified;
  // Names of parts that this release has no value for: "mixed_use", "minimum", "over_quota".
  std::vector<std::string> unknown_parts{};

  bool HasTiers() const;
};

// A published version.
struct Tariff {
  TariffId id{};
  std::int32_t version = 0;  // of the code, from 1
  TariffDefinition definition{};
  Instant publish_time{};
  std::string published_by{};
};

// Lists every fault of a definition with the path of its field below `prefix` ("definition").
// INVALID_ARGUMENT "TARIFF_PART_UNSUPPORTED", metadata `part`, when it has parts that are not rated
// yet; those are named first, because faults may follow from them.
Result<void> CheckTariff(const TariffDefinition& tariff, const std::string& prefix);

}  // namespace karez::billing
