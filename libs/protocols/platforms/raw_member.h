// The raw text of a member of a JSON object: what a signature covers must not be written anew.
// Internal to platforms/ and explain/.
#pragma once

#include <string_view>

namespace karez::protocols::platforms {

// `object` is JSON that a parser has accepted, an object. Empty when it has no such member at its
// top level; keys with escapes are not found.
std::string_view RawMember(std::string_view object, std::string_view key);

}  // namespace karez::protocols::platforms
