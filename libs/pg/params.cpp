#include "libs/pg/params.h"

#include "libs/base/bytes.h"

namespace karez::pg {

std::string ToText(bool value) { return value ? "t" : "f"; }
std::string ToText(std::int64_t value) { return std::to_string(value); }
std::string ToText(std::string_view value) { return std::string(value); }
std::string ToText(const Uuid& value) { return value.str(); }
std::string ToText(Instant value) { return FormatInstant(value); }
std::string ToText(LocalDate value) { return FormatDate(value); }
std::string ToText(const Bytes& value) { return "\\x" + ToHex(value.value); }

void AppendArrayElement(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace karez::pg
