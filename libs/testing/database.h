// A PostgreSQL database per test, cloned from a template that holds the schemas and migrations
// asked for. Needs KAREZ_TEST_PG_URL (superuser URI of the test run's server); tests that use it
// have the label pg or service. For one thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libs/pg/migrator.h"
#include "libs/pg/pool.h"

namespace karez::testing {

class Database {
 public:
  // Roles and schemas as in production (deploy/database), `schema` migrated with `migrations`.
  Database(std::string schema, const std::vector<pg::Migration>& migrations);
  ~Database();  // drops it
  Database(const Database&) = delete;

  // libpq URI as the given role, e.g. "karez_billing".
  std::string Url(const std::string& role) const;
  // As the service's role: what the product uses.
  pg::Pool& pool() { return *pool_; }
  // Statements as superuser, past row security: for planting and looking.
  void Sql(const std::string& statements);
  std::string Value(const std::string& query);
  // Adds a tenant to the `tenant` table of the schema, as identity's event would.
  void AddTenant(TenantId id, const std::string& code);

 private:
  std::string schema_;
  std::string name_;
  std::unique_ptr<pg::Pool> pool_;
};

// A context of a member of staff with these permissions, for calling use cases and stores directly.
Context StaffContext(TenantId tenant, const Clock& clock,
                     std::set<std::string, std::less<>> permissions = {});

}  // namespace karez::testing
