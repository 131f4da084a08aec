// Forgets what frames are known by once a terminal can no longer send them again.
#pragma once

#include "libs/jobs/runner.h"

namespace karez::metering::jobs {

void PruneFrameKeys(karez::jobs::Runner& runner);

}  // namespace karez::metering::jobs
