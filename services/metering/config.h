// The settings of `karez-metering` beside those of every service.
#pragma once

#include <string>

#include "libs/config/config.h"

namespace karez::metering {

struct Config {
  std::string edge_listen;
  std::string edge_id;
  int edge_max_connections = 0;
  std::chrono::milliseconds edge_poll_timeout{};
};

Config ReadConfig(config::Reader& reader);

}  // namespace karez::metering
