// Once a day: forgets what ended long ago.
#pragma once

#include "libs/jobs/runner.h"

namespace karez::identity::jobs {

void PurgeSessions(karez::jobs::Runner& runner);

}  // namespace karez::identity::jobs
