#include "libs/protocols/properties/observe.h"

#include <array>

#include "libs/protocols/platforms/values.h"

namespace karez::protocols::properties {
namespace {

using platforms::Property;

// 1.20 and 1.2 are the same number.
DecimalNumber Shortened(DecimalNumber number) {
  while (number.raw != 0 && number.raw % 10 == 0 && number.exponent < INT8_MAX) {
    number.raw /= 10;
    ++number.exponent;
  }
  if (number.raw == 0) number.exponent = 0;
  return number;
}

// In the words of JSON; a number by its value.
bool IsWritten(const Property& property, std::string_view text) {
  switch (property.type) {
    case Property::Type::kText:
      return property.text == text;
    case Property::Type::kBool:
      return text == (property.raw != 0 ? "true" : "false");
    case Property::Type::kNumber: {
      const auto wanted = ReadDecimal(text);
      if (!wanted) return false;
      const DecimalNumber a = Shortened(*wanted);
      const DecimalNumber b = Shortened({property.raw, property.exponent});
      return a.raw == b.raw && a.exponent == b.exponent;
    }
    case Property::Type::kOther:
      return text == "null";
  }
  return false;
}

std::optional<DecimalNumber> NumberOf(const Property& property) {
  constexpr int64_t kExactFraction = 1'000'000'000'000'000;  // 15 digits
  switch (property.type) {
    case Property::Type::kText:
      return ReadDecimal(property.text);
    case Property::Type::kBool:
      return DecimalNumber{property.raw, 0};
    case Property::Type::kNumber:
      if (property.exponent < 0 &&
          (property.raw >= kExactFraction || property.raw <= -kExactFraction)) {
        return std::nullopt;
      }
      return DecimalNumber{property.raw, property.exponent};
    case Property::Type::kOther:
      return std::nullopt;
  }
  return std::nullopt;
}

// No meter measures beyond these powers of ten, and they leave room for another unit's.
bool IsMeasured(const PropertySpec& spec, const DecimalNumber& number) {
  constexpr int kMax = 30;
  const int exponent = number.exponent + (spec.measure ? spec.measure->exponent : 0);
  return !spec.measure || (exponent >= -kMax && exponent <= kMax);
}

std::optional<int64_t> WholeOf(const Property& property) {
  const auto number = NumberOf(property);
  if (!number) return std::nullopt;
  const DecimalNumber whole = Shortened(*number);
  if (whole.exponent < 0 || whole.exponent > 18) return std::nullopt;
  int64_t value = whole.raw;
  for (int i = 0; i < whole.exponent; ++i) {
    if (__builtin_mul_overflow(value, int64_t{10}, &value)) return std::nullopt;
  }
  return value;
}

void Reject(RejectReason reason, Value& out) {
  out.rejected = true;
  out.reason = reason;
}

void SetTime(const LocalTime& time, Value& out) {
  out.time = time;
  if (!IsValid(time)) Reject(RejectReason::kOutOfRange, out);
}

void ReadUnixTime(const Property& property, int64_t per_second, Value& out) {
  const auto ticks = WholeOf(property);
  if (!ticks || *ticks < 0) return Reject(RejectReason::kOutOfRange, out);
  if (*ticks == 0) return Reject(RejectReason::kNoValue, out);
  SetTime(UtcTime(*ticks / per_second), out);
}

// "2020-05-27 16:36:07", "20200527163607", …: fourteen digits.
void ReadClock(const Property& property, Value& out) {
  std::array<char, 24> room;
  const std::string_view text = property.type == Property::Type::kText
                                    ? property.text
                                    : platforms::NumberText(property.raw, room);
  std::array<int, 14> digits{};
  size_t count = 0;
  int sum = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') continue;
    if (count == digits.size()) break;  // parts of a second
    digits[count++] = c - '0';
    sum += c - '0';
  }
  if (count < digits.size()) return Reject(RejectReason::kOutOfRange, out);
  if (sum == 0) return Reject(RejectReason::kNoValue, out);
  const auto two = [&](size_t i) { return static_cast<uint8_t>(digits[i] * 10 + digits[i + 1]); };
  SetTime({static_cast<uint16_t>(two(0) * 100 + two(2)), two(4), two(6), two(8), two(10), two(12)},
          out);
}

FixedText<40> IdOf(const Property& property) {
  if (property.type == Property::Type::kText) return FixedText<40>(property.text);
  std::array<char, 24> room;
  return FixedText<40>(platforms::NumberText(property.raw, room));
}

void ObserveStatus(const PropertySpec& spec, const Property& property, Observation& out) {
  for (const ValueRule& rule : spec.values) {
    if (IsWritten(property, rule.value)) ApplyStatus(0, rule.rule, out);
  }
  const auto bits = WholeOf(property);
  if (spec.rules.empty() || !bits || *bits < 0 || *bits > UINT16_MAX) return;
  out.status = static_cast<uint32_t>(*bits);
  ApplyStatus(static_cast<uint16_t>(*bits), spec.rules, out);
}

void ObserveRegister(const PropertySpec& spec, const Value& value, Observation& out) {
  Register reading;
  reading.quantity = spec.measure->quantity;
  reading.storage = spec.measure->storage;
  reading.storage_index = spec.measure->storage_index;
  reading.unit = spec.measure->unit;
  reading.raw = value.number.raw;
  reading.exponent = static_cast<int8_t>(value.number.exponent + spec.measure->exponent);
  (void)out.registers.push_back(reading);
}

void ObserveOne(const PropertySpec& spec, const Property& property, Observation& out) {
  const Value value = Read(spec, property);
  const bool none = value.rejected && value.reason == RejectReason::kNoValue;
  if (spec.role == Role::kDeviceTime) {
    out.device_time = value.time;
    out.time_quality = none             ? TimeQuality::kNoClock
                       : value.rejected ? TimeQuality::kInvalid
                                        : TimeQuality::kStated;
  }
  if (value.rejected) {
    (void)out.rejections.push_back({spec.name, value.reason, {}});
    return;
  }
  if (spec.role == Role::kDeviceId) out.device_id = IdOf(property);
  if (spec.role == Role::kStatus) ObserveStatus(spec, property, out);
  if (spec.role == Role::kSignal) out.signal_dbm = static_cast<int16_t>(*WholeOf(property));
  if (spec.measure) ObserveRegister(spec, value, out);
}

}  // namespace

const PropertySpec* Find(const Profile& profile, const Property& property) {
  for (const PropertySpec& spec : profile.properties) {
    if (spec.property != property.name) continue;
    if (spec.service.empty() || spec.service == property.service) return &spec;
  }
  return nullptr;
}

Value Read(const PropertySpec& spec, const Property& property) {
  Value value;
  const bool empty = property.type == Property::Type::kText && property.text.empty();
  if (empty || property.type == Property::Type::kOther ||
      (spec.no_value && IsWritten(property, *spec.no_value))) {
    Reject(RejectReason::kNoValue, value);
    return value;
  }
  switch (spec.form) {
    case Form::kNumber:
      if (const auto number = NumberOf(property); number && IsMeasured(spec, *number)) {
        value.number = *number;
      } else {
        Reject(RejectReason::kOutOfRange, value);
      }
      break;
    case Form::kText:
      value.text = property.text;
      if (spec.role == Role::kDeviceId && property.type != Property::Type::kText &&
          !(property.type == Property::Type::kNumber && property.exponent == 0)) {
        Reject(RejectReason::kOutOfRange, value);
      }
      break;
    case Form::kUnixTime:
      ReadUnixTime(property, 1, value);
      break;
    case Form::kUnixTimeMs:
      ReadUnixTime(property, 1000, value);
      break;
    case Form::kClock:
      ReadClock(property, value);
      break;
  }
  if (spec.role == Role::kSignal && !value.rejected) {
    const auto dbm = WholeOf(property);
    if (!dbm || *dbm < INT16_MIN || *dbm > 0) Reject(RejectReason::kOutOfRange, value);
  }
  return value;
}

void Observe(std::span<const Property> properties, const Profile& profile, Observation& out) {
  out.Clear();
  for (const Property& property : properties) {
    if (const PropertySpec* spec = Find(profile, property)) ObserveOne(*spec, property, out);
  }
}

}  // namespace karez::protocols::properties
