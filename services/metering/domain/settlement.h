// Settlement (结算): which readings open and close the consumption of one meter for one account.
// Pure. A settled line never changes; what arrives late comes into the next one, because that one
// opens where this one ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/zone.h"
#include "services/metering/domain/reading.h"

namespace karez::metering::domain {

using AccountId = Id<struct AccountTag>;
using BindingId = Id<struct BindingTag>;
using LineId = Id<struct SettlementLineTag>;

enum class LineKind { kMonthly, kInterim };
std::string Name(LineKind kind);

// One meter serving one account from one moment to another.
struct Binding {
  BindingId id;
  AccountId account_id;
  MeterId meter_id;
  std::string meter_number;
  Register reg;
  Point from;
  std::optional<Point> to;  // absent while the meter is bound
};

// What earlier lines of the binding say.
struct Settled {
  std::optional<Point> end;  // of the last line
  // Mean consumption of its last lines; absent: nothing to estimate from, or not wanted.
  std::optional<std::int64_t> daily_ml;
};

struct Line {
  LineId id;
  LineKind kind = LineKind::kMonthly;
  Month month;
  BindingId binding_id;
  AccountId account_id;
  MeterId meter_id;
  std::string meter_number;
  Point start;
  Point end;
  std::int64_t volume_ml = 0;
  std::vector<std::string> flags;  // "estimated", "no_reading", "reverse", "rollover"; sorted
  bool final = false;              // settled to the binding's end; there is no further line
};

// The consumption of `binding` up to `until`. `last`: the last reading at or before the earlier of
// `until` and the binding's end. Without a newer reading the line is flagged `no_reading` and has
// no volume, or is estimated where `settled.daily_ml` allows. The end of a binding closes it
// exactly.
Line Settle(const Binding& binding, const Settled& settled, const std::optional<Point>& last,
            LineKind kind, Month month, Instant until);

// A month is over when its last day has ended in the utility's zone.
Instant EndOfMonth(Month month, const Zone& zone);

}  // namespace karez::metering::domain
