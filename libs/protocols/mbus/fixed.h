// The fixed data structure of EN 1434-3 (CI 73; CI 77 with the high byte of each field first): two
// counters and no manufacturer. Wired only, of meters from before EN 13757-3.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "libs/protocols/fixed.h"

namespace karez::protocols::mbus {

inline constexpr uint8_t kCiFixed = 0x73;
inline constexpr uint8_t kCiFixedHighFirst = 0x77;

struct FixedStructure {
  static constexpr size_t kSize = 16;
  // Bits of `status` beside those of a header (transport.h).
  static constexpr uint8_t kBinary = 0x01;  // counters are signed integers, otherwise BCD
  static constexpr uint8_t kStored = 0x02;  // counters are those of a fixed day

  uint32_t number = 0;  // 8 digits
  uint8_t access = 0;
  uint8_t status = 0;
  uint8_t medium = 0;  // 0…0F: up to 8 as in a long header, 9…D gas, heat, warm water, water, HCA
  std::array<uint8_t, 2> units{};      // 0…3F
  std::array<uint32_t, 2> counters{};  // as sent, BCD or integer
};

// False when `body` is not kSize bytes.
bool ParseFixed(Bytes body, bool high_first, FixedStructure& out);
void WriteFixed(const FixedStructure& fixed, bool high_first, std::byte* out);  // kSize bytes

// The medium by the codes of a long header.
uint8_t MediumOf(const FixedStructure& fixed);

// The counters as data records, so that there is one way to read either: `out` and `positions` hold
// at least kMaxFixedRecords; `positions` gets, for each byte written, its place in the structure.
inline constexpr size_t kMaxFixedRecords = 2 * 8;
size_t FixedRecords(const FixedStructure& fixed, bool high_first, std::span<std::byte> out,
                    std::span<uint8_t> positions);

}  // namespace karez::protocols::mbus
