// What a volume costs by a tariff: a pure function in integers whose result explains itself line by
// line. Order-independent: the tier counter alone decides, never the history that led to it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/time.h"
#include "services/billing/domain/tariff.h"

namespace karez::billing {

struct RatingInput {
  std::int32_t household_size = 0;  // 0: as many as the plain limits cover
  std::int64_t used_before_ml = 0;  // billed in the tier period so far
  std::int64_t volume_ml = 0;       // negative credits
  LocalDate period_end{};           // decides the tier period
};

// One component in one tier.
struct RatedLine {
  std::string component_code{};
  std::string component_name{};
  Payee payee = Payee::kUnspecified;
  std::int32_t tier = 0;       // from 1; 0 for a flat price
  std::int64_t volume_ml = 0;  // charged, after the component's ratio
  std::int64_t unit_price_micro_yuan = 0;
  std::int64_t amount_fen = 0;
  // The tier counter around the part of the metered volume that this line charges.
  std::int64_t counter_before_ml = 0;
  std::int64_t counter_after_ml = 0;
  friend bool operator==(const RatedLine&, const RatedLine&) = default;
};

struct Rating {
  std::vector<RatedLine> lines{};  // by component as defined, then by tier
  std::int64_t total_fen = 0;
  std::vector<std::int64_t> limits_ml{};  // as applied, rising; those of all components together
  std::int64_t counter_before_ml = 0;
  std::int64_t counter_after_ml = 0;
  friend bool operator==(const Rating&, const Rating&) = default;
};

// Faults of the input by the names of its fields.
void CheckRatingInput(const TariffDefinition& tariff, const RatingInput& input, Violations& bad);

// `tariff` has passed CheckTariff, `input` CheckRatingInput. Tier 1 reaches below zero, so that a
// credit larger than what was billed in the tier period is still a credit of its whole volume.
// OUT_OF_RANGE when an amount does not fit.
Result<Rating> Rate(const TariffDefinition& tariff, const RatingInput& input);

// First and last day of the tier period that `day` is in; the year where the tariff has no tiers.
struct DateSpan {
  LocalDate first{};
  LocalDate last{};
  friend bool operator==(const DateSpan&, const DateSpan&) = default;
};
DateSpan TierPeriodOf(const TariffDefinition& tariff, LocalDate day);

}  // namespace karez::billing
