#include "libs/protocols/observation.h"

#include "libs/protocols/bcd.h"

namespace karez::protocols {

bool IsValid(const LocalTime& time) {
  constexpr uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time.year < 2000 || time.year > 2099 || time.month < 1 || time.month > 12) return false;
  // Every fourth year from 2000 to 2099 is a leap year.
  const bool leap_day = time.month == 2 && time.year % 4 == 0;
  const int days = kDays[time.month - 1] + (leap_day ? 1 : 0);
  return time.day >= 1 && time.day <= days && time.hour <= 23 && time.minute <= 59 &&
         time.second <= 59;
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
