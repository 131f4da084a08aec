#pragma once

#include <cstdint>

#include "libs/base/context.h"
#include "libs/pg/pool.h"

namespace karez::billing::usecases {

// Publishes the tenant's bills, payments and balances as they are, some a transaction; readers drop
// what is not newer than what they have. Returns how many facts.
std::int64_t Republish(pg::Pool& pool, const Context& context);

}  // namespace karez::billing::usecases
