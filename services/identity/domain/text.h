// Forms of the texts that people give: checks that add to a list of violations.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/error.h"

namespace karez::identity {

// A name shown to people: 1 to 64 characters, no control characters, no space at either end.
void CheckDisplayName(Violations& bad, std::string field, std::string_view text);
// Codes of tenants, groups and branches: a-z, 0-9 and '-', 2 to 32, starting with a letter or
// digit.
void CheckCode(Violations& bad, std::string field, std::string_view text);
// Sign-in names: like codes, with dots, and 64 at most.
void CheckStaffName(Violations& bad, std::string field, std::string_view text);
// A new password: 12 to 128 characters without control characters.
void CheckNewPassword(Violations& bad, std::string field, std::string_view text);

}  // namespace karez::identity
