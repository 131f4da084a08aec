#include "services/metering/domain/settlement.h"

#include "libs/base/money.h"

namespace karez::metering::domain {
namespace {

// Space of the ids of settlement lines; fixed for ever.
const Uuid& LineSpace() {
  static const Uuid space = Uuid::Parse("5b0a6f0e-9f3b-5a53-8c11-6c1f3f2b7d01").value();
  return space;
}

// The same binding, kind and period give the same line, so that settling again changes nothing.
LineId IdOf(const Line& line) {
  std::string name = line.binding_id.str() + "|" + Name(line.kind) + "|" + FormatMonth(line.month);
  // The end of a binding may be the very moment of the reading before it.
  if (line.kind == LineKind::kInterim) {
    name += "|" + FormatInstant(line.end.time) + (line.final ? "|end" : "");
  }
  return LineId(Uuid::V5(LineSpace(), name));
}

Point Estimate(const Register& reg, const Point& start, std::int64_t daily_ml, Instant until) {
  const Duration day = std::chrono::days(1);
  const std::int64_t volume =
      MulDivRound(daily_ml, (until - start.time).count(), day.count()).value_or(0);
  return {until, (start.value_ml + volume) % reg.ModulusMl()};
}

}  // namespace

std::string Name(LineKind kind) { return kind == LineKind::kMonthly ? "monthly" : "interim"; }

Line Settle(const Binding& binding, const Settled& settled, const std::optional<Point>& last,
            LineKind kind, Month month, Instant until) {
  Line line;
  line.kind = kind;
  line.month = month;
  line.binding_id = binding.id;
  line.account_id = binding.account_id;
  line.meter_id = binding.meter_id;
  line.meter_number = binding.meter_number;
  line.start = settled.end.value_or(binding.from);
  line.end = line.start;
  if (binding.to && binding.to->time <= until) {
    line.end = *binding.to;
    line.final = true;
  } else if (last && last->time > line.start.time) {
    line.end = *last;
  } else if (settled.daily_ml && *settled.daily_ml >= 0 && until > line.start.time) {
    line.end = Estimate(binding.reg, line.start, *settled.daily_ml, until);
    line.flags.push_back("estimated");
  } else {
    line.flags.push_back("no_reading");
  }
  const Difference passed = Between(binding.reg, line.start, line.end);
  line.volume_ml = passed.ml;
  if (passed.ml < 0) line.flags.push_back("reverse");
  if (passed.rollover) line.flags.push_back("rollover");
  line.id = IdOf(line);
  return line;
}

Instant EndOfMonth(Month month, const Zone& zone) {
  return zone.StartOf(FirstDay(month + std::chrono::months(1)));
}

}  // namespace karez::metering::domain
