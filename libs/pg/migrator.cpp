#include "libs/pg/migrator.h"

#include <map>

#include <openssl/sha.h>

#include "libs/base/bytes.h"
#include "libs/pg/connection.h"
#include "libs/pg/pool.h"

namespace karez::pg {

namespace common {
const std::vector<Migration>& Migrations();  // generated from libs/pg/migrations
}

namespace {

constexpr Query kAppliedMigrations{"pg.applied_migrations", R"sql(
  SELECT name, checksum FROM schema_migration)sql"};

std::string Checksum(const std::string& text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return ToHex({reinterpret_cast<const char*>(digest), sizeof digest});
}

// Common migrations come first and carry a prefix, so that both lists grow apart.
std::vector<Migration> AllMigrations(const std::vector<Migration>& service) {
  std::vector<Migration> all;
  for (const auto& migration : common::Migrations()) {
    all.push_back({"common/" + migration.name, migration.sql});
  }
  all.insert(all.end(), service.begin(), service.end());
  return all;
}

// Runs the file and records it. Statements of a `-- no-transaction` file end with ";\n\n".
void Apply(pqxx::connection& connection, const Migration& migration) {
  const auto record = [&](pqxx::transaction_base& tx) {
    tx.exec_params0("INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)", migration.name,
                    Checksum(migration.sql));
  };
  if (migration.sql.find("-- no-transaction") != 0 &&
      migration.sql.find("\n-- no-transaction") != 0) {
    pqxx::work tx(connection);
    tx.exec(migration.sql);
    record(tx);
    tx.commit();
    return;
  }
  pqxx::nontransaction tx(connection);
  std::size_t begin = 0;
  while (begin < migration.sql.size()) {
    auto end = migration.sql.find(";\n\n", begin);
    if (end == std::string::npos) end = migration.sql.size();
    tx.exec(migration.sql.substr(begin, end - begin));
    begin = end + 3;
  }
  record(tx);
}

std::map<std::string, std::string> Applied(pqxx::connection& connection) {
  pqxx::work tx(connection);
  std::map<std::string, std::string> out;
  for (const auto& row : tx.exec("SELECT name, checksum FROM schema_migration")) {
    out[row[0].as<std::string>()] = row[1].as<std::string>();
  }
  return out;
}

}  // namespace

const std::vector<Migration>& CommonMigrations() { return common::Migrations(); }

Result<MigrateReport> Migrate(const MigrateOptions& options, const std::vector<Migration>& service,
                              LocalDate today) {
  MigrateReport report;
  Result<void> outcome;
  Translate([&] {
    Connection session(options.url, options.password_file, options.schema + "-migrate");
    auto& connection = session.raw();
    {
      pqxx::nontransaction setup(connection);
      setup.exec("SET search_path = " + setup.quote_name(options.schema));
      // Waits for another migration of this schema to end.
      setup.exec_params("SELECT pg_advisory_lock(hashtextextended($1, 0))",
                        "migrate:" + options.schema);
      setup.exec(
          "CREATE TABLE IF NOT EXISTS schema_migration (name text PRIMARY KEY, checksum text NOT "
          "NULL, applied_at timestamptz NOT NULL DEFAULT now())");
      setup.exec("GRANT SELECT ON schema_migration TO " +
                 setup.quote_name("karez_" + options.schema) + ", karez_verify");
    }
    const auto applied = Applied(connection);
    for (const auto& migration : AllMigrations(service)) {
      const auto found = applied.find(migration.name);
      if (found == applied.end()) {
        Apply(connection, migration);
        report.applied.push_back(migration.name);
      } else if (found->second != Checksum(migration.sql)) {
        outcome = Fail(Code::kFailedPrecondition, "MIGRATION_CHANGED",
                       "Migration " + migration.name +
                           " was changed after it was applied. Restore the file and put the change "
                           "into a new migration.");
        return;
      }
    }
    pqxx::work tx(connection);
    report.partitions_created =
        tx.exec_params1("SELECT ensure_partitions($1)", FormatDate(today))[0].as<int>();
    tx.commit();
  });
  if (!outcome) return tl::make_unexpected(outcome.error());
  return report;
}

bool MigrationsMatch(Pool& pool, const std::vector<Migration>& service) {
  try {
    const Lease lease = pool.Acquire();
    Tx tx(*lease, {});
    std::map<std::string, std::string> applied;
    for (const auto& row : tx.Exec(kAppliedMigrations)) {
      applied[row.Get<std::string>("name")] = row.Get<std::string>("checksum");
    }
    for (const auto& migration : AllMigrations(service)) {
      const auto found = applied.find(migration.name);
      if (found == applied.end() || found->second != Checksum(migration.sql)) return false;
    }
    return true;
  } catch (const Failure&) {
    return false;
  }
}

}  // namespace karez::pg
