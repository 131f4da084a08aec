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
  std::byte value[9];
  if (bytes == 0 || bytes > 8) return false;
  if (raw == kAbsent) {
    std::fill_n(value, bytes, std::byte{0xFF});
    return AddElement(identifier, decimals, Bytes(value, bytes));
  }
  const bool negative = raw < 0;
  const auto magnitude = static_cast<uint64_t>(negative ? -raw : raw);
  const size_t digits = 2 * (bytes - (negative ? 1 : 0));
  if (magnitude >= kPowersOfTen[digits]) return false;
  const uint64_t packed = ToBcd(magnitude);
  for (size_t i = 0; i < bytes; ++i) {
    value[bytes - 1 - i] = static_cast<std::byte>(packed >> (8 * i) & 0xFF);
  }
  if (negative) value[0] = std::byte{0xFF};
  return AddElement(identifier, decimals, Bytes(value, bytes));
}

bool BodyWriter::AddAsked(uint8_t identifier, uint8_t definition) {
  const std::byte bytes[] = {std::byte{identifier}, std::byte{definition}};
  return AddBytes(bytes);
}

}  // namespace karez::protocols::sl651
