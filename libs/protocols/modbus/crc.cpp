#include <array>

#include "libs/protocols/modbus/frame.h"

namespace karez::protocols::modbus {
namespace {

using Table = std::array<uint16_t, 256>;

// kTables[n][b]: what a byte b does to the CRC when n zero bytes follow it.
constexpr std::array<Table, 8> MakeTables() {
  std::array<Table, 8> tables{};
  for (unsigned b = 0; b < 256; ++b) {
    unsigned crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001u : crc >> 1;
    tables[0][b] = static_cast<uint16_t>(crc);
  }
  for (size_t n = 1; n < tables.size(); ++n) {
    for (size_t b = 0; b < 256; ++b) {
      const unsigned before = tables[n - 1][b];
      tables[n][b] = static_cast<uint16_t>(before >> 8 ^ tables[0][before & 0xFF]);
    }
  }
  return tables;
}

constexpr std::array<Table, 8> kTables = MakeTables();

}  // namespace

uint16_t Crc16(Bytes bytes) {
  unsigned crc = 0xFFFF;
  size_t at = 0;
  const auto byte = [&](size_t i) { return std::to_integer<unsigned>(bytes[at + i]); };
  for (; at + 8 <= bytes.size(); at += 8) {
    crc =
        static_cast<unsigned>(kTables[7][byte(0) ^ (crc & 0xFF)] ^ kTables[6][byte(1) ^ crc >> 8] ^
                              kTables[5][byte(2)] ^ kTables[4][byte(3)] ^ kTables[3][byte(4)] ^
                              kTables[2][byte(5)] ^ kTables[1][byte(6)] ^ kTables[0][byte(7)]);
  }
  for (; at < bytes.size(); ++at) crc = crc >> 8 ^ kTables[0][(crc ^ byte(0)) & 0xFF];
  return static_cast<uint16_t>(crc);
}

}  // namespace karez::protocols::modbus
