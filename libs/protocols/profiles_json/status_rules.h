// Rules on the bits of a status word, from JSON. Internal to this library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/protocols/profiles_json/reader.h"
#include "libs/protocols/status_rule.h"

namespace karez::protocols {

// The list `key` of {mask, value, meaning}; `word` names the status word in faults. Without the
// list `out` stays as it is.
void ReadStatusRules(ObjectReader& parent, std::string_view key, std::string_view word,
                     const std::string& file, StatusRules& out, std::vector<ProfileFault>& faults);

// The rule that an object's "meaning" names; mask and value are left alone.
void ReadMeaning(ObjectReader& reader, StatusRule& rule);

}  // namespace karez::protocols
