#include "libs/pg/numbers.h"

#include <cstdio>
#include <stdexcept>

namespace karez::pg {
namespace {

constexpr Query kTakeNumbers{"pg.take_numbers", R"sql(
  INSERT INTO number_counter AS c (tenant_id, series, last) VALUES ($1, $2, $3)
  ON CONFLICT (tenant_id, series) DO UPDATE SET last = c.last + excluded.last
  RETURNING last)sql"};

struct Pattern {
  std::string before, after;  // around the counter, dates filled in
  int digits = 0;
};

std::string Fill(std::string text, LocalDate date) {
  const auto replace = [&text](std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what)) {
      text.replace(at, what.size(), by);
    }
  };
  const std::string iso = FormatDate(date);
  replace("{yyyy}", iso.substr(0, 4));
  replace("{MM}", iso.substr(5, 2));
  replace("{dd}", iso.substr(8, 2));
  return text;
}

// Settings are checked when they are set, so a pattern without a counter is a bug of ours.
Pattern Split(const std::string& rule, LocalDate date) {
  const auto begin = rule.find("{seq:");
  const auto end = rule.find('}', begin == std::string::npos ? 0 : begin);
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::logic_error("number pattern without {seq:n}: " + rule);
  }
  return {Fill(rule.substr(0, begin), date), Fill(rule.substr(end + 1), date),
          std::stoi(rule.substr(begin + 5, end - begin - 5))};
}

}  // namespace

std::string NextNumber(Tx& tx, const Context& context, const std::string& series,
                       const std::string& fallback) {
  return NextNumbers(tx, context, series, fallback, 1).front();
}

std::vector<std::string> NextNumbers(Tx& tx, const Context& context, const std::string& series,
                                     const std::string& fallback, std::size_t count) {
  std::vector<std::string> numbers;
  if (count == 0) return numbers;
  const Pattern pattern =
      Split(context.tenant().Setting("number." + series, fallback), context.Today());
  const std::string counter = series + ":" + pattern.before + "#" + pattern.after;
  const auto taken = static_cast<std::int64_t>(count);
  const auto last =
      tx.Exec(kTakeNumbers, context.tenant_id(), counter, taken).One().Get<std::int64_t>("last");
  for (std::int64_t next = last - taken + 1; next <= last; ++next) {
    std::string digits = std::to_string(next);
    if (digits.size() < static_cast<std::size_t>(pattern.digits)) {
      digits.insert(0, static_cast<std::size_t>(pattern.digits) - digits.size(), '0');
    }
    numbers.push_back(pattern.before + digits + pattern.after);
  }
  return numbers;
}

}  // namespace karez::pg
