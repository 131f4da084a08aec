// `karez-metering edge`: serves terminals until SIGTERM or SIGINT, then drains.
#pragma once

#include "libs/host/host.h"
#include "services/metering/config.h"

namespace karez::metering::edge {

// The exit status. The signals must be blocked, as host::Main does.
int Run(host::Host& host, const Config& config);

}  // namespace karez::metering::edge
