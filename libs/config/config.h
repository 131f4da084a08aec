// Configuration from the environment, read once at start, validated as a whole: every problem is
// reported, not only the first. Nothing else reads the environment.
//
//   struct Config { std::string db_url; int workers; };
//   config::Reader reader(config::ProcessEnvironment());
//   config.db_url = reader.Text("KAREZ_DB_URL", "Database of this service, libpq URI, no
//   password."); config.workers = reader.Integer("KAREZ_WORKERS", "Threads for calls.", 8, {1,
//   256}); RETURN_IF_ERROR(reader.Check());
//
// For one thread, at start.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/error.h"

namespace karez::config {

using Environment = std::map<std::string, std::string>;
Environment ProcessEnvironment();

struct Range {
  std::int64_t low = std::numeric_limits<std::int64_t>::min();
  std::int64_t high = std::numeric_limits<std::int64_t>::max();
};

class Reader {
 public:
  explicit Reader(Environment environment) : environment_(std::move(environment)) {}

  // Without a default the variable must be set. `help` is one sentence for people.
  std::string Text(const char* name, const char* help,
                   std::optional<std::string> fallback = std::nullopt);
  std::int64_t Integer(const char* name, const char* help, std::optional<std::int64_t> fallback,
                       Range range = {});
  std::chrono::milliseconds Milliseconds(const char* name, const char* help,
                                         std::optional<std::int64_t> fallback_ms, Range range_ms);
  bool Flag(const char* name, const char* help, bool fallback);
  // "host:port", checked for form.
  std::string Address(const char* name, const char* help,
                      std::optional<std::string> fallback = std::nullopt);
  // Path of a secret that must be readable; the answer is the path.
  std::string SecretFile(const char* name, const char* help,
                         std::optional<std::string> fallback = std::nullopt);

  // INVALID_ARGUMENT with one violation per bad or missing variable.
  Result<void> Check() const;
  // "NAME=value  # help" lines in the order read; values of *_FILE are paths, so nothing is secret.
  std::string Describe() const;

 private:
  std::optional<std::string> Find(const char* name, const char* help,
                                  const std::optional<std::string>& fallback);
  Environment environment_;
  Violations bad_;
  std::string description_;
};

// The content of a small file without its final line break. NOT_FOUND when it cannot be read.
Result<std::string> ReadFile(const std::string& path);

}  // namespace karez::config
