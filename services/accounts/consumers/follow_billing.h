// Bills, payments and balances for the 360° page, from billing's facts.
#pragma once

#include <string>

#include "libs/events/consumer.h"

namespace karez::accounts::consumers {

void FollowBilling(karez::events::Consumer& consumer, const std::string& topic);

}  // namespace karez::accounts::consumers
