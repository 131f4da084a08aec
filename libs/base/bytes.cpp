#include "libs/base/bytes.h"

#include <array>
#include <cstdint>

namespace karez {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string ToHex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back(kHexDigits[byte >> 4]);
    out.push_back(kHexDigits[byte & 15]);
  }
  return out;
}

Result<std::string> FromHex(std::string_view text) {
  std::string out;
  out.reserve(text.size() / 2);
  int high = -1;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
      if (high < 0) continue;
      return Fail(Code::kInvalidArgument, "HEX_INVALID", "A byte needs two hexadecimal digits.");
    }
    const int value = HexValue(c);
    if (value < 0) {
      return Fail(Code::kInvalidArgument, "HEX_INVALID",
                  "Only hexadecimal digits (0-9, a-f) are allowed.");
    }
    if (high < 0) {
      high = value;
    } else {
      out.push_back(static_cast<char>(high << 4 | value));
      high = -1;
    }
  }
  if (high >= 0) {
    return Fail(Code::kInvalidArgument, "HEX_INVALID", "A byte needs two hexadecimal digits.");
  }
  return out;
}

std::string ToBase64Url(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = buffer << 8 | static_cast<std::uint8_t>(c);
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(kBase64[(buffer >> (bits - 6)) & 63]);
  }
  if (bits > 0) out.push_back(kBase64[(buffer << (6 - bits)) & 63]);
  return out;
}

Result<std::string> FromBase64Url(std::string_view text) {
  const auto refuse = [] {
    return Fail(Code::kInvalidArgument, "BASE64_INVALID", "Not unpadded URL-safe base64.");
  };
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = kBase64.find(c);
    if (value == std::string_view::npos) return refuse();
    buffer = buffer << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>(buffer >> bits & 255));
    }
  }
  if (bits >= 6 || (buffer & ((1U << bits) - 1)) != 0) return refuse();
  return out;
}

}  // namespace karez
