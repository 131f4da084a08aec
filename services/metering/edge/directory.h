// What an edge knows of terminals, read from the database when one registers. Safe from any thread;
// calls block on the database. What was once read still serves while the database is away.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "libs/pg/pool.h"
#include "libs/protocols/profiles_json/catalogue.h"
#include "services/metering/domain/terminal.h"
#include "services/metering/edge/poller.h"

namespace karez::metering::edge {

struct KnownTerminal {
  TenantId tenant = 0;
  domain::Terminal terminal;
  std::vector<PolledMeter> meters;  // of a transparent one
};

class Directory {
 public:
  // Both must outlive the directory.
  Directory(pg::Pool& pool, const protocols::ProfileCatalogue& profiles)
      : pool_(pool), profiles_(profiles) {}

  // `number` as the terminal says it. NOT_FOUND when nobody registered it; UNAVAILABLE when the
  // database is away and the terminal was never seen.
  Result<KnownTerminal> Find(domain::Terminal::Kind kind, const std::string& number);

 private:
  std::optional<KnownTerminal> Read(domain::Terminal::Kind kind, const std::string& wire_number);

  pg::Pool& pool_;
  const protocols::ProfileCatalogue& profiles_;
  std::mutex mutex_;
  std::map<std::pair<domain::Terminal::Kind, std::string>, KnownTerminal> seen_;
};

}  // namespace karez::metering::edge
