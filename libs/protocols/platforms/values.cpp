#include "libs/protocols/platforms/values.h"

#include <charconv>

#include "libs/protocols/decimal.h"

namespace karez::protocols::platforms {
namespace {

// Days from 1970-01-01 of a date in the Gregorian calendar (Howard Hinnant's algorithm).
int64_t DaysFromCivil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

class TimeText {
 public:
  explicit TimeText(std::string_view text) : rest_(text) {}

  bool Number(size_t digits, int64_t& out) {
    if (rest_.size() < digits) return false;
    out = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return false;
      out = out * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }
  bool Take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string_view NumberText(int64_t number, std::array<char, 24>& room) {
  const auto end = std::to_chars(room.data(), room.data() + room.size(), number).ptr;
  return {room.data(), static_cast<size_t>(end - room.data())};
}

std::optional<int64_t> ReadTime(std::string_view text) {
  TimeText reader(text);
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  if (!reader.Number(4, year)) return std::nullopt;
  const bool dashes = reader.Take('-');
  if (!reader.Number(2, month) || (dashes && !reader.Take('-')) || !reader.Number(2, day)) {
    return std::nullopt;
  }
  if (!reader.Take('T') && !reader.Take(' ')) return std::nullopt;
  if (!reader.Number(2, hour)) return std::nullopt;
  const bool colons = reader.Take(':');
  if (!reader.Number(2, minute) || (colons && !reader.Take(':')) || !reader.Number(2, second)) {
    return std::nullopt;
  }
  int64_t millisecond = 0;
  if (reader.Take('.') && !reader.Number(3, millisecond)) return std::nullopt;
  reader.Take('Z');
  if (!reader.at_end() || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
      minute > 59 || second > 59) {
    return std::nullopt;
  }
  const int64_t seconds =
      DaysFromCivil(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second;
  return seconds * 1000 + millisecond;
}

Property PropertyOf(std::string_view service, std::string_view name, const json::Value& value) {
  Property property;
  property.service = service;
  property.name = name;
  if (const auto text = value.String()) {
    property.type = Property::Type::kText;
    property.text = *text;
  } else if (const auto flag = value.Bool()) {
    property.type = Property::Type::kBool;
    property.raw = *flag ? 1 : 0;
  } else if (value.type() == json::Type::kInteger) {
    property.type = Property::Type::kNumber;
    property.raw = *value.Integer();
  } else if (const auto number = value.Double()) {
    if (const auto decimal = ToDecimal(*number)) {
      property.type = Property::Type::kNumber;
      property.raw = decimal->raw;
      property.exponent = decimal->exponent;
    }
  }
  return property;
}

std::string_view KnownText(const json::Value& value) {
  const std::string_view text = value.String().value_or("");
  return text == "undefined" || text == "null" ? std::string_view() : text;
}

void AddProperty(const Property& property, PlatformMessage& out) {
  if (!out.properties.push_back(property)) out.more_properties = true;
}

}  // namespace karez::protocols::platforms
