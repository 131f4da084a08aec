// HTTP/1.1 server: keep-alive, limits and timeouts on everything a client can stretch, drain on
// stop. Boost is included by server.cpp and connection.cpp only.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "libs/base/error.h"
#include "services/gateway/http/message.h"

namespace karez::gateway::http {

struct ServerOptions {
  std::string listen;  // host:port; port 0 picks one
  int threads = 2;
  int connections_max = 4096;
  std::uint32_t header_bytes_max = 32 * 1024;
  // A connection that exceeds one of these is closed without a word.
  std::chrono::milliseconds idle_timeout{65'000};   // between requests
  std::chrono::milliseconds head_timeout{10'000};   // from the first byte to the end of the head
  std::chrono::milliseconds body_timeout{30'000};   // for the whole body
  std::chrono::milliseconds write_timeout{30'000};  // for each write
};

// Safe from any thread.
class Server {
 public:
  // Binds the address. `handler` must outlive the server. UNAVAILABLE when it cannot be bound.
  static Result<std::unique_ptr<Server>> Create(ServerOptions options, Handler& handler);
  virtual ~Server() = default;
  // Begins to accept.
  virtual void Run() = 0;
  virtual int port() const = 0;
  // Runs `task` on a thread of the server, not before `delay` has passed; never after Stop.
  virtual void After(std::chrono::milliseconds delay, std::function<void()> task) = 0;
  // Stops accepting, lets running exchanges end, tells streams to close, returns when the last
  // connection is gone or after `patience`.
  virtual void Stop(std::chrono::milliseconds patience) = 0;
};

}  // namespace karez::gateway::http
