// Forward-only migrations, embedded in the binary. Runs as the owner role, under an advisory lock,
// one transaction a file; a file whose first line is `-- no-transaction` runs statement by
// statement outside one. Applied files never change: their checksum is kept and compared.
#pragma once

#include <string>
#include <vector>

#include "libs/base/error.h"
#include "libs/base/time.h"

namespace karez::pg {

struct Migration {
  std::string name;  // "0001_create_bills"
  std::string sql;
};

struct MigrateOptions {
  std::string url;  // role karez_migrate
  std::string password_file;
  std::string schema;  // the service's name; its role is karez_<schema>
};

struct MigrateReport {
  std::vector<std::string> applied;
  int partitions_created = 0;
};

// The migrations every service starts with: tenants, outbox, inbox, requests, operations, numbers.
const std::vector<Migration>& CommonMigrations();

// Applies what is missing, then creates the partitions of tenant_series tables from 13 months back
// to 3 ahead of `today`. FAILED_PRECONDITION when an applied file differs from the one here.
Result<MigrateReport> Migrate(const MigrateOptions& options, const std::vector<Migration>& service,
                              LocalDate today);

class Pool;
// True when the database has exactly the migrations of this binary, or newer ones.
bool MigrationsMatch(Pool& pool, const std::vector<Migration>& service);

}  // namespace karez::pg
