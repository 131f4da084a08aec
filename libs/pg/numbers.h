// Numbers people see, from the tenant's numbering rules. A rule is the tenant setting
// `number.<series>`, a pattern such as "SL-{yyyy}{MM}-{seq:6}": {yyyy} {MM} {dd} are the business
// date, {seq:n} the counter padded to n digits. The counter restarts when the part of the pattern
// around it changes, and is taken in the caller's transaction, so a rollback leaves no gap.
#pragma once

#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"

namespace karez::pg {

// `fallback` is the pattern where the tenant has none.
std::string NextNumber(Tx& tx, const Context& context, const std::string& series,
                       const std::string& fallback);
// The next `count` of them in order, with one statement.
std::vector<std::string> NextNumbers(Tx& tx, const Context& context, const std::string& series,
                                     const std::string& fallback, std::size_t count);

}  // namespace karez::pg
