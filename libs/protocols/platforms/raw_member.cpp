#include "libs/protocols/platforms/raw_member.h"

namespace karez::protocols::platforms {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

size_t SkipBlanks(std::string_view text, size_t at) {
  while (at < text.size() && IsBlank(text[at])) ++at;
  return at;
}

// Behind the string that begins at `at`.
size_t SkipString(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// Behind the value that begins at `at`.
size_t SkipValue(std::string_view text, size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = SkipString(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (depth == 0 && (c == ',' || c == '}' || c == ']' || IsBlank(c))) return at;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0 && (c == '}' || c == ']')) return at;
  }
  return at;
}

}  // namespace

std::string_view RawMember(std::string_view object, std::string_view key) {
  size_t at = SkipBlanks(object, 0) + 1;  // behind the brace
  while (at < object.size()) {
    at = SkipBlanks(object, at);
    if (at >= object.size() || object[at] != '"') return {};
    const size_t key_end = SkipString(object, at);
    if (key_end > object.size()) return {};
    const std::string_view name = object.substr(at + 1, key_end - at - 2);
    at = SkipBlanks(object, SkipBlanks(object, key_end) + 1);  // behind the colon
    const size_t value_end = SkipValue(object, at);
    if (at >= object.size()) return {};
    if (name == key) return object.substr(at, value_end - at);
    at = SkipBlanks(object, value_end) + 1;  // behind the comma
  }
  return {};
}

}  // namespace karez::protocols::platforms
