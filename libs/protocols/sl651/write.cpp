#include <algorithm>

#include "libs/protocols/bcd.h"
#include "libs/protocols/sl651/message.h"

namespace karez::protocols::sl651 {
namespace {

constexpr size_t kMaxValue = 31;  // five bits of length

bool StoreTime(const LocalTime& time, std::span<std::byte> out) {
  if (!IsValid(time)) return false;
  const unsigned parts[] = {time.year % 100u, time.month,  time.day,
                            time.hour,        time.minute, time.second};
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::byte>(ToBcd(parts[i]));
  return true;
}

// BCD, high byte first; a byte FF in front is a minus sign.
bool StoreNumber(int64_t raw, std::span<std::byte> out) {
  if (raw == kAbsent) {
    std::fill(out.begin(), out.end(), std::byte{0xFF});
    return true;
  }
  const bool negative = raw < 0;
  const auto magnitude = static_cast<uint64_t>(negative ? -raw : raw);
  const size_t digits = 2 * (out.size() - (negative ? 1 : 0));
  if (magnitude >= kPowersOfTen[digits]) return false;
  StoreLowFirst(ToBcd(magnitude), out.data(), out.size());
  std::reverse(out.begin(), out.end());
  if (negative) out[0] = std::byte{0xFF};
  return true;
}

}  // namespace

bool BodyWriter::AddBytes(Bytes bytes) {
  if (out_.size() - size_ < bytes.size()) return false;
  std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<ptrdiff_t>(size_));
  size_ += bytes.size();
  return true;
}

bool BodyWriter::AddPreamble(uint16_t serial, const LocalTime& time) {
  std::byte bytes[8] = {static_cast<std::byte>(serial >> 8), static_cast<std::byte>(serial & 0xFF)};
  return StoreTime(time, std::span(bytes).subspan(2)) && AddBytes(bytes);
}

bool BodyWriter::AddStation(const std::array<uint8_t, 5>& station,
                            std::optional<uint8_t> category) {
  std::byte bytes[8] = {std::byte{0xF1}, std::byte{0xF1}};
  for (size_t i = 0; i < station.size(); ++i) bytes[2 + i] = std::byte{station[i]};
  if (category) bytes[7] = std::byte{*category};
  return AddBytes(Bytes(bytes).first(category ? 8 : 7));
}

bool BodyWriter::AddObservationTime(const LocalTime& time) {
  std::byte bytes[7] = {std::byte{0xF0}, std::byte{0xF0}};
  return StoreTime(time, std::span(bytes).subspan(2)) && AddBytes(bytes);
}

bool BodyWriter::AddElement(uint8_t identifier, uint8_t decimals, Bytes value) {
  if (value.size() > kMaxValue || decimals > 7 || out_.size() - size_ < 2 + value.size()) {
    return false;
  }
  const std::byte head[] = {std::byte{identifier},
                            static_cast<std::byte>(value.size() << 3 | decimals)};
  return AddBytes(head) && AddBytes(value);
}

bool BodyWriter::AddNumber(uint8_t identifier, size_t bytes, uint8_t decimals, int64_t raw) {
  return AddSeries(identifier, bytes, decimals, std::span(&raw, 1));
}

bool BodyWriter::AddTimeStep(uint8_t days, uint8_t hours, uint8_t minutes) {
  if (days > 31 || hours > 23 || minutes > 59) return false;
  const std::byte step[] = {static_cast<std::byte>(ToBcd(days)),
                            static_cast<std::byte>(ToBcd(hours)),
                            static_cast<std::byte>(ToBcd(minutes))};
  return AddElement(kTimeStep, 0, step);
}

bool BodyWriter::AddSeries(uint8_t identifier, size_t bytes, uint8_t decimals,
                           std::span<const int64_t> raws) {
  if (bytes == 0 || bytes > 8 || decimals > 7) return false;
  if (out_.size() - size_ < 2 + bytes * raws.size()) return false;
  const size_t begin = size_;
  AddAsked(identifier, static_cast<uint8_t>(bytes << 3 | decimals));
  for (const int64_t raw : raws) {
    if (!StoreNumber(raw, out_.subspan(size_, bytes))) {
      size_ = begin;
      return false;
    }
    size_ += bytes;
  }
  return true;
}

bool BodyWriter::AddAsked(uint8_t identifier, uint8_t definition) {
  const std::byte bytes[] = {std::byte{identifier}, std::byte{definition}};
  return AddBytes(bytes);
}

}  // namespace karez::protocols::sl651
