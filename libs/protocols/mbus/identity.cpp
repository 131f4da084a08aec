#include "libs/protocols/mbus/identity.h"

#include "libs/protocols/bcd.h"

namespace karez::protocols::mbus {
namespace {

struct MediumRow {
  uint8_t code;
  std::string_view name;
};

constexpr MediumRow kMedia[] = {
    {0x00, "other"},
    {0x01, "oil"},
    {0x02, "electricity"},
    {0x03, "gas"},
    {0x04, "heat"},
    {0x05, "steam"},
    {0x06, "warm water"},
    {0x07, "water"},
    {0x08, "heat cost allocator"},
    {0x09, "compressed air"},
    {0x0A, "cooling"},
    {0x0B, "cooling"},
    {0x0C, "heat"},
    {0x0D, "heat and cooling"},
    {0x0E, "bus"},
    {0x0F, "unknown"},
    {0x14, "calorific value"},
    {0x15, "hot water"},
    {0x16, "cold water"},
    {0x17, "dual water"},
    {0x18, "pressure"},
    {0x19, "a/d converter"},
    {0x1A, "smoke detector"},
    {0x1B, "room sensor"},
    {0x1C, "gas detector"},
    {0x20, "breaker"},
    {0x21, "valve"},
    {0x25, "customer unit"},
    {0x28, "waste water"},
    {0x29, "garbage"},
    {0x31, "communication controller"},
    {0x32, "unidirectional repeater"},
    {0x33, "bidirectional repeater"},
    {0x36, "radio converter, system side"},
    {0x37, "radio converter, meter side"},
};

constexpr std::string_view kDigits = "0123456789ABCDEF";

}  // namespace

FixedText<3> ManufacturerText(uint16_t code) {
  FixedText<3> text;
  for (const int shift : {10, 5, 0}) text.push_back(static_cast<char>(64 + (code >> shift & 0x1F)));
  return text;
}

bool ParseManufacturer(std::string_view text, uint16_t& code) {
  if (text.size() != 3) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < 'A' || c > 'Z') return false;
    value = value << 5 | static_cast<unsigned>(c - 64);
  }
  code = static_cast<uint16_t>(value);
  return true;
}

bool IsManufacturer(uint16_t code) {
  uint16_t same = 0;
  return ParseManufacturer(ManufacturerText(code).view(), same);
}

std::string_view MediumName(uint8_t medium) {
  for (const MediumRow& row : kMedia) {
    if (row.code == medium) return row.name;
  }
  return "";
}

bool IsWater(uint8_t medium) {
  return medium == 0x06 || medium == 0x07 || (medium >= 0x15 && medium <= 0x17) || medium == 0x28;
}

Identity Identity::Read(Bytes bytes) {
  Identity identity;
  identity.number = static_cast<uint32_t>(LoadLowFirst(bytes.first(4)));
  identity.manufacturer = static_cast<uint16_t>(LoadLowFirst(bytes.subspan(4, 2)));
  identity.version = static_cast<uint8_t>(bytes[6]);
  identity.medium = static_cast<uint8_t>(bytes[7]);
  return identity;
}

void Identity::Write(std::byte* out) const {
  StoreLowFirst(number, out, 4);
  StoreLowFirst(manufacturer, out + 4, 2);
  out[6] = std::byte{version};
  out[7] = std::byte{medium};
}

bool Identity::IsWildcard() const {
  for (int shift = 0; shift < 32; shift += 4) {
    if ((number >> shift & 0xF) == 0xF) return true;
  }
  return manufacturer == 0xFFFF || version == 0xFF || medium == 0xFF;
}

bool Identity::Matches(const Identity& device) const {
  for (int shift = 0; shift < 32; shift += 4) {
    const uint32_t digit = number >> shift & 0xF;
    if (digit != 0xF && digit != (device.number >> shift & 0xF)) return false;
  }
  return (manufacturer == 0xFFFF || manufacturer == device.manufacturer) &&
         (version == 0xFF || version == device.version) &&
         (medium == 0xFF || medium == device.medium);
}

FixedText<40> Identity::Text() const {
  char text[11];
  for (size_t i = 0; i < 3; ++i) {
    text[i] = static_cast<char>(64 + (manufacturer >> (10 - 5 * i) & 0x1F));
  }
  for (size_t i = 0; i < 8; ++i) text[3 + i] = kDigits[number >> (28 - 4 * i) & 0xF];
  return FixedText<40>(std::string_view(text, sizeof text));
}

bool Identity::Parse(std::string_view text, Identity& out) {
  out = {};
  if (text.size() != 11 || !ParseManufacturer(text.substr(0, 3), out.manufacturer)) return false;
  for (const char c : text.substr(3)) {
    const size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return false;
    out.number = out.number << 4 | static_cast<uint32_t>(digit);
  }
  return true;
}

}  // namespace karez::protocols::mbus
