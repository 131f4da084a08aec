// UTF-8 checks for text from outside. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace karez::gateway::transcode {

// Length of the longest valid prefix: no overlong forms, surrogates or code points past U+10FFFF.
std::size_t ValidUtf8Prefix(std::string_view text);
inline bool IsUtf8(std::string_view text) { return ValidUtf8Prefix(text) == text.size(); }
// UTF-8 without NUL, which no database column of ours can hold.
inline bool IsText(std::string_view text) {
  return text.find('\0') == std::string_view::npos && IsUtf8(text);
}

}  // namespace karez::gateway::transcode
