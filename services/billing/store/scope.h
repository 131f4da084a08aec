// The caller's data scope as a statement's parameter.
#pragma once

#include <optional>
#include <string>

#include "libs/base/context.h"

namespace karez::billing::store {

// For `($n::uuid[] IS NULL OR branch_id = ANY($n::uuid[]))`: NULL for all of the tenant, else the
// caller's branches.
std::optional<std::string> Branches(const Context& context);

}  // namespace karez::billing::store
