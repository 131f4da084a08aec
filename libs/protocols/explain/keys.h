// Keys of a question, which come as hexadecimal text. Internal to this library.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/explain/explain.h"

namespace karez::protocols {

enum class KeyText : uint8_t { kNone, kGood, kBad };

// The key `name` as exactly out.size() bytes, in the order of its text.
KeyText ReadKeyBytes(const Question& question, std::string_view name, std::span<std::byte> out);

// The first key of `names` that is given but is not `size` bytes; empty: none.
std::string BadKey(const Question& question, std::span<const std::string_view> names, size_t size);

// {"valid": false, "reason": "key", …}
Json BadKeyJson(std::string_view name, size_t size);

}  // namespace karez::protocols
