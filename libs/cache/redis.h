// Redis, which may be gone at any moment: every call answers within its timeout and says when it
// could not. Nothing is kept here that cannot be lost. Safe from any thread (a small pool inside);
// after a failure the server is left alone for a moment instead of being asked by every call.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "libs/base/error.h"

namespace karez::cache {

struct RedisOptions {
  std::string url;  // redis://host:port/db
  std::chrono::milliseconds timeout{100};
  int connections = 4;
};

// Outcome of a rate-limit question.
struct Permit {
  bool allowed = true;
  std::chrono::milliseconds retry_after{0};  // when it was refused
};

class Redis {
 public:
  static Result<std::shared_ptr<Redis>> Create(RedisOptions options);
  virtual ~Redis() = default;
  // Generic cell rate algorithm on the server's clock: `rate` per second, up to `burst` at once.
  // UNAVAILABLE when Redis cannot be asked: the caller decides what then holds.
  virtual Result<Permit> Take(const std::string& key, double rate, int burst) = 0;
  virtual bool Healthy() = 0;
};

}  // namespace karez::cache
