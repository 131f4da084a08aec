#include "libs/protocols/base64.h"

#include <array>

namespace karez::protocols {
namespace {

constexpr std::string_view kStandardDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr uint8_t kNoDigit = 0xFF;

constexpr std::array<uint8_t, 256> MakeValues() {
  std::array<uint8_t, 256> values{};
  for (uint8_t& value : values) value = kNoDigit;
  for (uint8_t i = 0; i < 64; ++i) {
    values[static_cast<unsigned char>(kStandardDigits[i])] = i;
    values[static_cast<unsigned char>(kUrlDigits[i])] = i;
  }
  return values;
}
constexpr std::array<uint8_t, 256> kValues = MakeValues();

Error WrongLength(size_t size) {
  return {Fault::kLength, static_cast<uint16_t>(size), 4, static_cast<uint32_t>(size)};
}

}  // namespace

Base64Result DecodeBase64(std::string_view text, std::span<std::byte> out) {
  size_t digits = text.size();
  while (digits > 0 && text.size() - digits < 2 && text[digits - 1] == '=') --digits;
  const bool padded = digits != text.size();
  if (digits % 4 == 1 || (padded && text.size() % 4 != 0)) return {WrongLength(text.size())};
  const size_t size = Base64DecodedSize(digits);
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  uint32_t bits = 0;
  int held = 0;
  size_t written = 0;
  for (size_t i = 0; i < digits; ++i) {
    const auto character = static_cast<unsigned char>(text[i]);
    const uint8_t value = kValues[character];
    if (value == kNoDigit) return {{Fault::kValue, static_cast<uint16_t>(i), 0, character}};
    bits = bits << 6 | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out[written++] = static_cast<std::byte>(bits >> held & 0xFF);
  }
  return {{}, written};
}

Base64Result EncodeBase64(Bytes bytes, std::span<char> out, Base64Alphabet alphabet,
                          Base64Padding padding) {
  const size_t digits = bytes.size() / 3 * 4 + (bytes.size() % 3 * 4 + 2) / 3;
  const bool padded = padding == Base64Padding::kPadded;
  const size_t size = padded ? Base64EncodedSize(bytes.size()) : digits;
  if (out.size() < size) return {{Fault::kBuffer, 0, static_cast<uint32_t>(size), 0}};
  const std::string_view names =
      alphabet == Base64Alphabet::kStandard ? kStandardDigits : kUrlDigits;
  uint32_t bits = 0;
  int held = 0;
  size_t written = 0;
  for (const std::byte b : bytes) {
    bits = bits << 8 | std::to_integer<uint32_t>(b);
    held += 8;
    while (held >= 6) {
      held -= 6;
      out[written++] = names[bits >> held & 0x3F];
    }
  }
  if (held > 0) out[written++] = names[bits << (6 - held) & 0x3F];
  while (written < size) out[written++] = '=';
  return {{}, written};
}

}  // namespace karez::protocols
