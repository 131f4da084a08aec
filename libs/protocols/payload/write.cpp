#include <algorithm>
#include <chrono>
#include <utility>

#include "libs/protocols/bcd.h"
#include "libs/protocols/payload/frame.h"
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

bool WriteClockText(const LocalTime& time, std::span<std::byte> out) {
  if (!IsValid(time)) return false;
  const unsigned parts[7] = {time.year / 100u, time.year % 100u, time.month, time.day,
                             time.hour,        time.minute,      time.second};
  const size_t count = out.size() / 2;
  for (size_t i = 0; i < count; ++i) {
    const unsigned part = parts[7 - count + i];
    out[2 * i] = static_cast<std::byte>('0' + part / 10);
    out[2 * i + 1] = static_cast<std::byte>('0' + part % 10);
  }
  return true;
}

bool WriteShifted(const FieldSpec& spec, int64_t number, std::span<std::byte> out) {
  const auto value = static_cast<uint64_t>(number);
  if (value << spec.shift >> spec.shift != value) return false;
  return WriteUnsigned(value << spec.shift, spec.order, out);
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
      return WriteShifted(spec, value.number, out);
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
    case Form::kClockText:
      return WriteClockText(value.time, out);
  }
  return false;
}

// `bytes`: of the whole layout. Bits beside the increment stay as they are.
bool WriteIncrement(int64_t increment, const SeriesSpec& series, size_t index,
                    std::span<std::byte> bytes) {
  const uint64_t ones = (uint64_t{1} << series.bits) - 1;
  const uint64_t raw = increment == kAbsent ? ones : static_cast<uint64_t>(increment);
  if (raw > ones) return false;
  if (series.bits % 8 == 0) {
    const size_t size = series.bits / 8u;
    return WriteUnsigned(raw, series.order, bytes.subspan(series.offset + index * size, size));
  }
  const size_t bit = index * series.bits;
  const size_t first = series.offset + bit / 8;
  const size_t last = series.offset + (bit + series.bits - 1) / 8;
  const std::span<std::byte> room = bytes.subspan(first, last - first + 1);
  const uint64_t kept = LoadLowFirst(room) & ~(ones << bit % 8);
  StoreLowFirst(kept | raw << bit % 8, room.data(), room.size());
  return true;
}

}  // namespace

Written WritePayload(const Message& message, std::span<std::byte> out) {
  const Layout& layout = *message.layout;
  if (out.size() < layout.size) return {{Fault::kBuffer, 0, layout.size, 0}};
  const std::span<std::byte> bytes = out.first(layout.size);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  std::copy(layout.match.begin(), layout.match.end(), bytes.begin() + layout.match_offset);
  const size_t values = std::min(layout.fields.size(), message.values.size());
  for (size_t i = 0; i < values; ++i) {
    const FieldSpec& spec = layout.fields[i];
    if (!WriteValue(spec, message.values[i], bytes.subspan(spec.offset, spec.size))) {
      return {{Fault::kValue, spec.offset, spec.size, 0}};
    }
  }
  if (layout.series) {
    const SeriesSpec& series = *layout.series;
    for (size_t i = 0; i < series.count; ++i) {
      const int64_t increment = i < message.increments.size() ? message.increments[i] : kAbsent;
      if (!WriteIncrement(increment, series, i, bytes)) {
        const auto at = static_cast<uint16_t>(series.offset + i * series.bits / 8);
        return {{Fault::kValue, at, series.bits / 8u, 0}};
      }
    }
  }
  if (message.frame != nullptr) CloseFrame(*message.frame, bytes);
  return {{}, layout.size};
}

}  // namespace karez::protocols::payload
