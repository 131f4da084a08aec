#include <algorithm>
#include <chrono>

#include "libs/protocols/bcd.h"
#include "libs/protocols/payload/frame.h"
#include "libs/protocols/payload/message.h"

namespace karez::protocols::payload {
namespace {

uint64_t Load(Bytes bytes, ByteOrder order) {
  if (order == ByteOrder::kLittle) return LoadLowFirst(bytes);
  uint64_t value = 0;
  for (const std::byte b : bytes) value = value << 8 | std::to_integer<uint64_t>(b);
  return value;
}

uint64_t AllOnes(size_t size) { return size >= 8 ? UINT64_MAX : (uint64_t{1} << (8 * size)) - 1; }

void Reject(RejectReason reason, Value& out) {
  out.rejected = true;
  out.reason = reason;
}

void ReadNumber(const FieldSpec& spec, Value& out) {
  const uint64_t raw = Load(out.bytes, spec.order) >> spec.shift;
  const uint64_t ones = AllOnes(out.bytes.size()) >> spec.shift;
  if (spec.form == Form::kSigned) {
    const uint64_t sign = ones / 2 + 1;
    if (raw == sign) Reject(RejectReason::kNoValue, out);
    out.number = static_cast<int64_t>((raw ^ sign) - sign);
  } else {
    // A status may well have all its bits set, a counter of exchanges comes there, a result is one.
    const bool counts =
        spec.role == Role::kStatus || spec.role == Role::kSequence || spec.role == Role::kResult;
    if (raw == ones && !counts) Reject(RejectReason::kNoValue, out);
    out.number = static_cast<int64_t>(raw);
  }
  if (spec.no_value && out.number == *spec.no_value) Reject(RejectReason::kNoValue, out);
}

void ReadBcd(const FieldSpec& spec, Value& out) {
  const uint64_t raw = Load(out.bytes, spec.order);
  if (raw == AllOnes(out.bytes.size())) return Reject(RejectReason::kNoValue, out);
  if (!IsBcd(raw)) return Reject(RejectReason::kNotBcd, out);
  out.number = static_cast<int64_t>(FromBcd(raw));
  if (spec.no_value && out.number == *spec.no_value) Reject(RejectReason::kNoValue, out);
}

void ReadText(Value& out) {
  const auto fills = [](std::byte b) { return b == std::byte{0} || b == std::byte{' '}; };
  while (!out.bytes.empty() && fills(out.bytes.back())) {
    out.bytes = out.bytes.first(out.bytes.size() - 1);
  }
  const bool printable = std::all_of(out.bytes.begin(), out.bytes.end(), [](std::byte b) {
    return b >= std::byte{0x20} && b <= std::byte{0x7E};
  });
  if (out.bytes.empty()) return Reject(RejectReason::kNoValue, out);
  if (!printable) Reject(RejectReason::kOutOfRange, out);
}

void ReadUnixTime(const FieldSpec& spec, Value& out) {
  const auto seconds = static_cast<uint32_t>(Load(out.bytes, spec.order));
  out.time = UtcTime(seconds);
  if (seconds == 0 || seconds == UINT32_MAX) return Reject(RejectReason::kNoValue, out);
  if (!IsValid(out.time)) Reject(RejectReason::kOutOfRange, out);
}

// Seven bytes tell the year in two, six in one since 2000; the byte order is that of the year, and
// of the whole for BCD (low byte first: seconds first).
void ReadClock(const FieldSpec& spec, Value& out) {
  const bool bcd = spec.form == Form::kClockBcd;
  const bool reversed = bcd && spec.order == ByteOrder::kLittle;
  const size_t size = out.bytes.size();
  uint8_t parts[7] = {};
  if (IsFilled(out.bytes, std::byte{0}) || IsFilled(out.bytes, std::byte{0xFF})) {
    return Reject(RejectReason::kNoValue, out);
  }
  for (size_t i = 0; i < size; ++i) {
    const std::byte b = out.bytes[reversed ? size - 1 - i : i];
    const auto raw = std::to_integer<uint8_t>(b);
    if (bcd && !IsBcd(raw)) return Reject(RejectReason::kNotBcd, out);
    parts[7 - size + i] = bcd ? static_cast<uint8_t>(FromBcd(raw)) : raw;
  }
  unsigned year = 2000u + parts[1];
  if (size == 7 && bcd) year = parts[0] * 100u + parts[1];
  if (size == 7 && !bcd) year = static_cast<unsigned>(Load(out.bytes.first(2), spec.order));
  out.time = {static_cast<uint16_t>(year), parts[2], parts[3], parts[4], parts[5], parts[6]};
  if (!IsValid(out.time)) Reject(RejectReason::kOutOfRange, out);
}

// Two digits a part: year (two of them from 14 digits), month, day, hour, minute, second.
void ReadClockText(Value& out) {
  uint8_t parts[7] = {20};
  const size_t count = out.bytes.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    const auto high = std::to_integer<unsigned>(out.bytes[2 * i]) - '0';
    const auto low = std::to_integer<unsigned>(out.bytes[2 * i + 1]) - '0';
    if (high > 9 || low > 9) return Reject(RejectReason::kNotBcd, out);
    parts[7 - count + i] = static_cast<uint8_t>(high * 10 + low);
  }
  out.time = {static_cast<uint16_t>(parts[0] * 100 + parts[1]),
              parts[2],
              parts[3],
              parts[4],
              parts[5],
              parts[6]};
  if (!IsValid(out.time)) Reject(RejectReason::kOutOfRange, out);
}

Value ReadValue(const FieldSpec& spec, Bytes bytes) {
  Value value;
  value.place = {spec.offset, spec.size};
  value.bytes = bytes.subspan(spec.offset, spec.size);
  switch (spec.form) {
    case Form::kUnsigned:
    case Form::kSigned:
      ReadNumber(spec, value);
      break;
    case Form::kBcd:
      ReadBcd(spec, value);
      break;
    case Form::kText:
      ReadText(value);
      break;
    case Form::kBytes:
      break;
    case Form::kUnixTime:
      ReadUnixTime(spec, value);
      break;
    case Form::kClock:
    case Form::kClockBcd:
      ReadClock(spec, value);
      break;
    case Form::kClockText:
      ReadClockText(value);
      break;
  }
  return value;
}

bool Matches(Bytes bytes, const Layout& layout) {
  return bytes.size() >= layout.match_offset + layout.match.size() &&
         std::equal(layout.match.begin(), layout.match.end(), bytes.begin() + layout.match_offset);
}

std::chrono::sys_seconds InstantOf(const LocalTime& time) {
  const std::chrono::year_month_day date{
      std::chrono::year{time.year}, std::chrono::month{time.month}, std::chrono::day{time.day}};
  return std::chrono::sys_days(date) + std::chrono::hours{time.hour} +
         std::chrono::minutes{time.minute} + std::chrono::seconds{time.second};
}

// Times without a value prove nothing.
bool IsPlausible(Bytes bytes, const Layout& layout) {
  if (!layout.plausible) return true;
  const Value earlier = ReadValue(layout.fields[layout.plausible->earlier], bytes);
  const Value later = ReadValue(layout.fields[layout.plausible->later], bytes);
  const auto none = [](const Value& v) { return v.rejected && v.reason == RejectReason::kNoValue; };
  if (none(earlier) || none(later)) return true;
  if (earlier.rejected || later.rejected) return false;
  const auto apart = InstantOf(later.time) - InstantOf(earlier.time);
  return apart >= std::chrono::seconds{0} && apart <= std::chrono::days{layout.plausible->days};
}

Error Unknown(Bytes bytes, const Profile& profile) {
  const uint16_t at = profile.layouts.empty() ? uint16_t{0} : profile.layouts[0].match_offset;
  const uint32_t found = at < bytes.size() ? std::to_integer<uint32_t>(bytes[at]) : 0;
  return {Fault::kIdentifier, at, 0, found};
}

const Layout* Choose(Bytes bytes, const Profile& profile, std::optional<uint8_t> port,
                     Error& error) {
  error = Unknown(bytes, profile);
  for (const Layout& layout : profile.layouts) {
    if ((port && layout.port && *port != *layout.port) || !Matches(bytes, layout)) continue;
    if (bytes.size() == layout.size && IsPlausible(bytes, layout)) return &layout;
    if (error.fault == Fault::kLayout) continue;
    error = {Fault::kLayout, static_cast<uint16_t>(std::min(bytes.size(), size_t{layout.size})),
             layout.size, static_cast<uint32_t>(bytes.size())};
  }
  return nullptr;
}

// Bits are taken from the lowest of the first byte on; whole bytes in their order.
int64_t IncrementAt(Bytes bytes, const SeriesSpec& series, size_t index) {
  uint64_t raw = 0;
  if (series.bits % 8 == 0) {
    const size_t size = series.bits / 8u;
    raw = Load(bytes.subspan(series.offset + index * size, size), series.order);
  } else {
    const size_t bit = index * series.bits;
    const size_t first = series.offset + bit / 8;
    const size_t last = series.offset + (bit + series.bits - 1) / 8;
    raw = LoadLowFirst(bytes.subspan(first, last - first + 1)) >> bit % 8;
  }
  const uint64_t ones = (uint64_t{1} << series.bits) - 1;
  raw &= ones;
  return raw == ones ? kAbsent : static_cast<int64_t>(raw);
}

void RejectWhatIsRefused(Message& out) {
  const auto& fields = out.layout->fields;
  const bool refused = std::any_of(fields.begin(), fields.end(), [&](const FieldSpec& spec) {
    return spec.role == Role::kResult &&
           out.values[static_cast<size_t>(&spec - fields.data())].number != 0;
  });
  for (size_t i = 0; refused && i < fields.size(); ++i) {
    if (fields[i].measure && !out.values[i].rejected) {
      Reject(RejectReason::kNoValue, out.values[i]);
    }
  }
}

}  // namespace

Error ParsePayload(Bytes bytes, const Profile& profile, std::optional<uint8_t> port, Message& out) {
  Error error;
  out.bytes = bytes;
  out.frame = profile.frame ? &*profile.frame : nullptr;
  out.layout = nullptr;
  if (out.frame != nullptr) {
    error = FindFrame(bytes, *out.frame, out.bytes);
    if (!error.ok()) return error;
  }
  out.layout = Choose(out.bytes, profile, port, error);
  if (out.layout == nullptr) return error;
  out.values.clear();
  out.increments.clear();
  for (const FieldSpec& spec : out.layout->fields) {
    out.values.push_back(ReadValue(spec, out.bytes));
  }
  RejectWhatIsRefused(out);
  if (!out.layout->series) return {};
  const SeriesSpec& series = *out.layout->series;
  for (size_t i = 0; i < series.count; ++i) {
    out.increments.push_back(IncrementAt(out.bytes, series, i));
  }
  return {};
}

}  // namespace karez::protocols::payload
