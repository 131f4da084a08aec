// Tells everything again, for a service that is new or a Kafka that was lost. Readers drop what is
// not newer than what they have.
#pragma once

#include "libs/pg/pool.h"

namespace karez::identity::usecases {

// Publishes each tenant and its branches as they are now, one transaction per tenant. Returns how
// many facts.
int Republish(pg::Pool& pool);

}  // namespace karez::identity::usecases
