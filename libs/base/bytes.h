// Text forms of bytes. Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/error.h"

namespace karez {

// Lower-case hexadecimal, no separators.
std::string ToHex(std::string_view bytes);
// Accepts upper and lower case and white space between bytes; refuses anything else.
Result<std::string> FromHex(std::string_view text);

// RFC 4648 section 5 (URL-safe alphabet), without padding.
std::string ToBase64Url(std::string_view bytes);
// Strict: no padding, no white space, no non-zero trailing bits.
Result<std::string> FromBase64Url(std::string_view text);

}  // namespace karez
