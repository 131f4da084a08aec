// Text as a JSON string, for log lines. Pure, safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace karez::obs {

// Appends `text` in quotes. Control characters are escaped, so that no value can start a line of
// its own; bytes that are not UTF-8 become U+FFFD, so that the line stays valid JSON.
void AppendJsonString(std::string& out, std::string_view text);

}  // namespace karez::obs
