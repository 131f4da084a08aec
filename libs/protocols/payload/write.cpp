#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/protocols/bcd.h"
#include "libs/protocols/payload/message.h"

namespace karez::protocols::payload {
namespace {

void Store(uint64_t value, ByteOrder order, std::span<std::byte> out) {
  StoreLowFirst(value, out.data(), out.size());
  if (order == ByteOrder::kBig) std::reverse(out.begin(), out.end());
}

// Each Write… tells whether the value fits.
bool WriteUnsigned(uint64_t value, ByteOrder order, std::span<std::byte> out) {
  if (out.size() < 8 && value >> (8 * out.size()) != 0) return false;
  Store(value, order, out);
  return true;
}

bool WriteSigned(int64_t value, ByteOrder order, std::span<std::byte> out) {
  if (out.size() < 8) {
    const int64_t limit = int64_t{1} << (8 * out.size() - 1);
    if (value >= limit || value < -limit) return false;
  }
  Store(static_cast<uint64_t>(value), order, out);
  return true;
}

bool WriteBcd(int64_t value, ByteOrder order, std::span<std::byte> out) {
  if (value < 0 || value >= 10'000'000'000'000'000) return false;
  return WriteUnsigned(ToBcd(static_cast<uint64_t>(value)), order, out);
}

bool WriteBytes(Bytes bytes, bool exact, std::span<std::byte> out) {
  if (bytes.size() > out.size() || (exact && bytes.size() != out.size())) return false;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return true;
}

bool WriteUnixTime(const LocalTime& time, ByteOrder order, std::span<std::byte> out) {
  if (!IsValid(time)) return false;
  const std::chrono::year_month_day date{
      std::chrono::year{time.year}, std::chrono::month{time.month}, std::chrono::day{time.day}};
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const int64_t seconds = int64_t{days} * 86400 + time.hour * 3600 + time.minute * 60 + time.second;
  return WriteUnsigned(static_cast<uint64_t>(seconds), order, out);
}

bool WriteClock(const FieldSpec& spec, const LocalTime& time, std::span<std::byte> out) {
  if (!IsValid(time)) return false;
  const bool bcd = spec.form == Form::kClockBcd;
  const auto year = static_cast<uint8_t>(time.year % 100);
  const uint8_t parts[7] = {static_cast<uint8_t>(time.year / 100),
                            year,
                            time.month,
                            time.day,
                            time.hour,
                            time.minute,
                            time.second};
  for (size_t i = 0; i < out.size(); ++i) {
    const uint8_t part = parts[7 - out.size() + i];
    out[i] = bcd ? static_cast<std::byte>(ToBcd(part)) : std::byte{part};
  }
  if (bcd && spec.order == ByteOrder::kLittle) std::reverse(out.begin(), out.end());
  if (!bcd && out.size() == 7) Store(time.year, spec.order, out.first(2));
  return true;
}

bool WriteValue(const FieldSpec& spec, const Value& value, std::span<std::byte> out) {
  if (value.rejected) {
    if (value.bytes.size() <= out.size() && !value.bytes.empty()) {
      return WriteBytes(value.bytes, false, out);
    }
    std::fill(out.begin(), out.end(), spec.form == Form::kText ? std::byte{0} : std::byte{0xFF});
    return true;
  }
  switch (spec.form) {
    case Form::kUnsigned:
      return WriteUnsigned(static_cast<uint64_t>(value.number), spec.order, out);
    case Form::kSigned:
      return WriteSigned(value.number, spec.order, out);
    case Form::kBcd:
      return WriteBcd(value.number, spec.order, out);
    case Form::kText:
      return WriteBytes(value.bytes, false, out);
    case Form::kBytes:
      return WriteBytes(value.bytes, true, out);
    case Form::kUnixTime:
      return WriteUnixTime(value.time, spec.order, out);
    case Form::kClock:
    case Form::kClockBcd:
      return WriteClock(spec, value.time, out);
  }
  return false;
}

bool WriteIncrement(int64_t increment, const SeriesSpec& spec, std::span<std::byte> out) {
  if (increment == kAbsent) {
    std::fill(out.begin(), out.end(), std::byte{0xFF});
    return true;
  }
  return increment >= 0 && WriteUnsigned(static_cast<uint64_t>(increment), spec.order, out);
}

}  // namespace

Written WritePayload(const Message& message, std::span<std::byte> out) {
  const Layout& layout = *message.layout;
  if (out.size() < layout.size) return {{Fault::kBuffer, 0, layout.size, 0}};
  const std::span<std::byte> bytes = out.first(layout.size);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  std::copy(layout.match.begin(), layout.match.end(), bytes.begin());
  const size_t values = std::min(layout.fields.size(), message.values.size());
  for (size_t i = 0; i < values; ++i) {
    const FieldSpec& spec = layout.fields[i];
    if (!WriteValue(spec, message.values[i], bytes.subspan(spec.offset, spec.size))) {
      return {{Fault::kValue, spec.offset, spec.size, 0}};
    }
  }
  if (!layout.series) return {{}, layout.size};
  const SeriesSpec& series = *layout.series;
  for (size_t i = 0; i < series.count; ++i) {
    const size_t offset = series.offset + i * series.size;
    const int64_t increment = i < message.increments.size() ? message.increments[i] : kAbsent;
    if (!WriteIncrement(increment, series, bytes.subspan(offset, series.size))) {
      return {{Fault::kValue, static_cast<uint16_t>(offset), series.size, 0}};
    }
  }
  return {{}, layout.size};
}

}  // namespace karez::protocols::payload
