#include "services/metering/domain/reading.h"

#include <algorithm>

#include "libs/base/money.h"

namespace karez::metering::domain {
namespace {

// Slack for the clock's minute and one pulse of the largest register.
constexpr Duration kClockSlack = std::chrono::minutes(5);
constexpr std::int64_t kPulseMl = 10'000;
constexpr std::int64_t kMaxHours = 30 * 366 * 24;
// A flow above the permanent one, Q3 = Q4 / 1.25, is possible for minutes, not for hours.
constexpr Duration kJumpFrom = std::chrono::hours(1);

std::int64_t LimitMl(const Register& reg, Duration elapsed) {
  const Duration longest = std::chrono::hours(kMaxHours);
  const Duration span = std::clamp(elapsed, Duration(0), longest) + kClockSlack;
  // The table's largest flow over thirty years fits int64, so the product cannot fail.
  return MulDivRound(reg.MaxFlowMlPerHour(), span.count(), Duration(std::chrono::hours(1)).count())
             .value() +
         kPulseMl;
}

// Cubic metres for people, exact.
std::string Metres(std::int64_t ml) {
  const bool negative = ml < 0;
  const std::int64_t abs = negative ? -ml : ml;
  std::string fraction = std::to_string(abs % kMlPerM3);
  fraction.insert(0, 6 - fraction.size(), '0');
  while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
  return (negative ? "-" : "") + std::to_string(abs / kMlPerM3) + "." + fraction + " m³";
}

Verdict Quarantine(std::string reason, std::string detail) {
  return {Verdict::Kind::kQuarantine, {}, std::move(reason), std::move(detail)};
}

}  // namespace

std::string Name(TimeQuality quality) {
  return quality == TimeQuality::kDevice ? "device" : "received";
}

std::optional<Placed> PlaceInTime(std::optional<Instant> stated, Instant received, Path path,
                                  const ClockRule& rule) {
  if (!stated) return Placed{received, TimeQuality::kReceived};
  if (*stated <= received + rule.ahead && *stated >= received - rule.behind) {
    return Placed{*stated, TimeQuality::kDevice};
  }
  if (path == Path::kPolled) return Placed{received, TimeQuality::kReceived};
  return std::nullopt;
}

Difference Between(const Register& reg, const Point& from, const Point& to) {
  const std::int64_t limit = LimitMl(reg, to.time - from.time);
  const std::int64_t plain = to.value_ml - from.value_ml;
  if (plain >= 0) return {plain, false, plain <= limit};
  const std::int64_t over = plain + reg.ModulusMl();
  if (over >= 0 && over < -plain && over <= limit) return {over, true, true};
  return {plain, false, -plain <= limit};
}

Verdict Judge(const Register& reg, const Point& found, const std::optional<Point>& same_time,
              const std::optional<Point>& before) {
  if (found.value_ml < 0 || found.value_ml >= reg.ModulusMl()) {
    return Quarantine("value_out_of_range", "Found " + Metres(found.value_ml) +
                                                "; the register shows less than " +
                                                Metres(reg.ModulusMl()) + ".");
  }
  if (same_time) {
    if (same_time->value_ml == found.value_ml) return {Verdict::Kind::kDuplicate, {}, {}, {}};
    return Quarantine("conflict", "Found " + Metres(found.value_ml) + " at " +
                                      FormatInstant(found.time) + "; stored is " +
                                      Metres(same_time->value_ml) + ".");
  }
  if (!before) return {};
  const Difference passed = Between(reg, *before, found);
  if (!passed.possible) {
    return Quarantine("impossible_jump",
                      "Found " + Metres(found.value_ml) + " at " + FormatInstant(found.time) +
                          " after " + Metres(before->value_ml) + " at " +
                          FormatInstant(before->time) + "; DN" + std::to_string(reg.diameter_mm) +
                          " passes at most " + Metres(LimitMl(reg, found.time - before->time)) +
                          " in that time.");
  }
  Verdict verdict;
  const Duration elapsed = found.time - before->time;
  if (passed.ml > 0 && elapsed >= kJumpFrom && passed.ml > LimitMl(reg, elapsed) / 5 * 4) {
    verdict.flags.push_back("jump");
  }
  if (passed.ml < 0) verdict.flags.push_back("reverse");
  if (passed.rollover) verdict.flags.push_back("rollover");
  return verdict;
}

}  // namespace karez::metering::domain
