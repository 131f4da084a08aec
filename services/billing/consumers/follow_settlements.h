// Keeps settled consumption from the events of metering, for the bill runs to take.
#pragma once

#include <string>

#include "libs/events/consumer.h"

namespace karez::billing::consumers {

void FollowSettlements(karez::events::Consumer& consumer, const std::string& topic);

}  // namespace karez::billing::consumers
