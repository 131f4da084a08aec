// What the gateway is told by its environment.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "libs/config/config.h"
#include "libs/obs/log.h"
#include "services/gateway/http/server.h"
#include "services/gateway/limits/limiter.h"

namespace karez::gateway {

struct Config {
  http::ServerOptions http;
  std::string metrics_listen;
  std::map<std::string, std::string> upstreams;  // service -> host:port
  std::string descriptors_file;
  std::string web_root;   // empty: no console
  std::string redis_url;  // empty: this process limits alone
  std::string signing_key_file;
  std::string trusted_keys_dir;
  int proxies = 0;
  std::size_t body_bytes_max = 0;
  std::size_t heavy_body_bytes_max = 0;
  std::chrono::milliseconds call_timeout{};
  std::chrono::milliseconds heavy_timeout{};
  std::chrono::milliseconds drain_timeout{};
  limits::LimitSettings limits;
  obs::Level log_level = obs::Level::kInfo;
};

// Reads everything; problems are told by reader.Check() and, for texts with a form of their own, in
// the answer.
Result<Config> ReadConfig(config::Reader& reader);

}  // namespace karez::gateway
