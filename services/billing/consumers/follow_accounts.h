// Keeps the projection of water accounts from the events of accounts.
#pragma once

#include <string>

#include "libs/events/consumer.h"

namespace karez::billing::consumers {

void FollowAccounts(karez::events::Consumer& consumer, const std::string& topic);

}  // namespace karez::billing::consumers
