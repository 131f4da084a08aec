#include "libs/protocols/json/writer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "libs/protocols/base64.h"

namespace karez::protocols::json {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

void Writer::Separate() {
  if (comma_) Put(',');
  comma_ = true;
}

Writer& Writer::Open(char bracket) {
  Separate();
  Put(bracket);
  comma_ = false;
  return *this;
}

Writer& Writer::Close(char bracket) {
  Put(bracket);
  comma_ = true;
  return *this;
}

void Writer::PutEscaped(char c) {
  switch (c) {
    case '"':
      return Put("\\\"");
    case '\\':
      return Put("\\\\");
    case '\n':
      return Put("\\n");
    case '\r':
      return Put("\\r");
    case '\t':
      return Put("\\t");
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20) return Put(c);
  Put("\\u00");
  Put(kHexDigits[code >> 4]);
  Put(kHexDigits[code & 0xF]);
}

Writer& Writer::Key(std::string_view key) {
  String(key);
  Put(':');
  comma_ = false;
  return *this;
}

Writer& Writer::String(std::string_view text) {
  Separate();
  Put('"');
  for (const char c : text) PutEscaped(c);
  Put('"');
  return *this;
}

Writer& Writer::Bool(bool value) {
  Separate();
  Put(value ? "true" : "false");
  return *this;
}

Writer& Writer::Null() {
  Separate();
  Put("null");
  return *this;
}

Writer& Writer::Integer(int64_t value) { return Decimal(value, 0); }

Writer& Writer::Decimal(int64_t raw, int decimals) {
  Separate();
  while (decimals > 0 && raw % 10 == 0) {
    raw /= 10;
    --decimals;
  }
  std::array<char, 20> digits;
  const uint64_t magnitude = raw < 0 ? 0 - static_cast<uint64_t>(raw) : static_cast<uint64_t>(raw);
  const auto [end, fault] = std::to_chars(digits.data(), digits.data() + digits.size(), magnitude);
  const std::string_view text(digits.data(), static_cast<size_t>(end - digits.data()));
  if (raw < 0) Put('-');
  const auto places = static_cast<size_t>(decimals);
  if (text.size() <= places) {
    Put("0.");
    for (size_t i = text.size(); i < places; ++i) Put('0');
    Put(text);
    return *this;
  }
  Put(text.substr(0, text.size() - places));
  if (places > 0) {
    Put('.');
    Put(text.substr(text.size() - places));
  }
  return *this;
}

Writer& Writer::Base64(Bytes bytes) {
  Separate();
  Put('"');
  constexpr size_t kChunk = 48;
  std::array<char, Base64EncodedSize(kChunk)> text;
  for (size_t at = 0; at < bytes.size(); at += kChunk) {
    const Bytes chunk = bytes.subspan(at, std::min(kChunk, bytes.size() - at));
    Put({text.data(), EncodeBase64(chunk, text).size});
  }
  Put('"');
  return *this;
}

Writer& Writer::Hex(Bytes bytes) {
  Separate();
  Put('"');
  for (const std::byte b : bytes) {
    Put(kHexDigits[std::to_integer<size_t>(b) >> 4]);
    Put(kHexDigits[std::to_integer<size_t>(b) & 0xF]);
  }
  Put('"');
  return *this;
}

}  // namespace karez::protocols::json
