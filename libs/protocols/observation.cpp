#include "libs/protocols/observation.h"

#include <chrono>

#include "libs/protocols/bcd.h"

namespace karez::protocols {

LocalTime UtcTime(int64_t unix_seconds) {
  constexpr int64_t kEnd = 253'402'300'800;
  if (unix_seconds < 0 || unix_seconds >= kEnd) return {};
  using std::chrono::days;
  const std::chrono::sys_seconds instant{std::chrono::seconds{unix_seconds}};
  const auto day = std::chrono::floor<days>(instant);
  const std::chrono::year_month_day date{day};
  const auto second = static_cast<uint32_t>((instant - day).count());
  return {static_cast<uint16_t>(static_cast<int>(date.year())),
          static_cast<uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<uint8_t>(static_cast<unsigned>(date.day())),
          static_cast<uint8_t>(second / 3600),
          static_cast<uint8_t>(second / 60 % 60),
          static_cast<uint8_t>(second % 60)};
}

const Register* Observation::Find(Quantity quantity, Storage storage, uint8_t storage_index) const {
  for (const Register& reading : registers) {
    if (reading.quantity == quantity && reading.storage == storage &&
        reading.storage_index == storage_index) {
      return &reading;
    }
  }
  return nullptr;
}

std::optional<int64_t> ToMillilitres(int64_t raw, int8_t exponent, Unit unit) {
  int power = exponent;
  if (unit == Unit::kCubicMetre) {
    power += 6;
  } else if (unit == Unit::kLitre) {
    power += 3;
  } else {
    return std::nullopt;
  }
  if (raw == 0) return 0;
  if (power > 18 || power < -18) return std::nullopt;
  if (power >= 0) {
    int64_t product = 0;
    if (__builtin_mul_overflow(raw, static_cast<int64_t>(kPowersOfTen[power]), &product)) {
      return std::nullopt;
    }
    return product;
  }
  const auto divisor = static_cast<int64_t>(kPowersOfTen[-power]);
  if (raw % divisor != 0) return std::nullopt;
  return raw / divisor;
}

}  // namespace karez::protocols
