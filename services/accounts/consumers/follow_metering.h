// Meters and their newest readings, from metering's facts.
#pragma once

#include <string>

#include "libs/events/consumer.h"
#include "libs/jobs/import.h"

namespace karez::accounts::consumers {

// `imports` must outlive the consumer.
void FollowMetering(karez::events::Consumer& consumer, const std::string& topic,
                    const karez::jobs::Imports& imports);

}  // namespace karez::accounts::consumers
