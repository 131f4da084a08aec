// What differs between DL/T 645 electricity meters of different make. Data only; files are under
// libs/protocols/profiles, read by libs/protocols/profiles_json. Immutable once loaded, shared
// between threads.
#pragma once

#include <cstdint>
#include <optional>

#include "libs/protocols/fixed.h"

namespace karez::protocols::dlt645 {

enum class Edition : uint8_t { k1997, k2007 };

// Decimals of all identifiers first…last, in place of the standard's.
struct Scale {
  uint32_t first = 0;
  uint32_t last = 0;
  uint8_t decimals = 0;  // 0…6
};

struct Profile {
  Edition edition = Edition::k2007;  // of requests; both are decoded, their control codes differ
  uint8_t wake_up_bytes = 4;         // FE sent before a request, 0…7
  // Powers, currents and combined energies: the top bit is the sign (default), or a digit's bit.
  bool top_bit_is_sign = true;
  // What is asked for; the edition's total of forward active energy when absent.
  std::optional<uint32_t> current;
  std::optional<uint32_t> settlement;
  FixedVector<Scale, 8> scales;
};

}  // namespace karez::protocols::dlt645
