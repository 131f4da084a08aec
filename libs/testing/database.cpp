#include "libs/testing/database.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <stdexcept>
#include <unistd.h>

#include "libs/pg/connection.h"

namespace karez::testing {
namespace {

std::string ServerUrl() {
  const char* url = std::getenv("KAREZ_TEST_PG_URL");
  if (url == nullptr || *url == '\0') {
    throw std::runtime_error("KAREZ_TEST_PG_URL is not set: run through `make test`.");
  }
  return url;
}

// postgresql://user:password@host:port/db → with another user and database. In the test run all
// roles have one password.
std::string Rewrite(const std::string& url, const std::string& user, const std::string& database) {
  const auto scheme = url.find("://") + 3;
  const auto at = url.find('@', scheme);
  const auto password = std::min(url.find(':', scheme), at);
  const auto slash = url.find('/', at);
  return url.substr(0, scheme) + user + url.substr(password, slash - password) + "/" + database;
}

// A database with roles and schemas, as deploy/database makes it.
std::string BootstrappedDatabase() {
  const char* name = std::getenv("KAREZ_TEST_PG_TEMPLATE");
  return name == nullptr ? "karez" : name;
}

void Superuser(const std::string& database, const std::string& sql) {
  pqxx::connection connection(Rewrite(ServerUrl(), "postgres", database));
  pqxx::nontransaction session(connection);
  session.exec(sql);
}

// Migrates once a process and schema; tests clone the result.
std::string Template(const std::string& schema, const std::vector<pg::Migration>& migrations) {
  static std::map<std::string, std::string> made;
  auto& name = made[schema];
  if (!name.empty()) return name;
  name = "tpl_" + schema + "_" + std::to_string(getpid());
  Superuser("postgres", "CREATE DATABASE " + name + " TEMPLATE " + BootstrappedDatabase());
  std::atexit([] {
    for (const auto& [key, database] : made) {
      try {
        Superuser("postgres", "DROP DATABASE IF EXISTS " + database);
      } catch (const std::exception&) {  // the server ends with the test run
      }
    }
  });
  const auto report = pg::Migrate(
      {.url = Rewrite(ServerUrl(), "karez_migrate", name), .password_file = "", .schema = schema},
      migrations, Zone().DateOf(SystemClock().Now()));
  if (!report) throw std::runtime_error(report.error().message);
  return name;
}

}  // namespace

Database::Database(std::string schema, const std::vector<pg::Migration>& migrations)
    : schema_(std::move(schema)) {
  static int count = 0;
  const auto source = Template(schema_, migrations);
  name_ = "t_" + schema_ + "_" + std::to_string(getpid()) + "_" + std::to_string(++count);
  Superuser("postgres", "CREATE DATABASE " + name_ + " TEMPLATE " + source);
  pool_ = std::make_unique<pg::Pool>(
      pg::PoolOptions{.url = Url("karez_" + schema_), .password_file = "", .size = 8});
}

Database::~Database() {
  pool_.reset();
  try {
    Superuser("postgres", "DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {  // the server ends with the test run
  }
}

std::string Database::Url(const std::string& role) const {
  return Rewrite(ServerUrl(), role, name_);
}

void Database::Sql(const std::string& statements) {
  Superuser(name_, "SET search_path = " + schema_ + "; " + statements);
}

std::string Database::Value(const std::string& query) {
  pqxx::connection connection(Url("postgres"));
  pqxx::nontransaction session(connection);
  session.exec("SET search_path = " + schema_);
  const auto rows = session.exec(query);
  return rows.empty() || rows[0][0].is_null() ? std::string() : rows[0][0].as<std::string>();
}

void Database::AddTenant(TenantId id, const std::string& code) {
  Sql("INSERT INTO tenant (id, code, name, zone, active, version) VALUES (" + std::to_string(id) +
      ", '" + code + "', '" + code + "', 'Asia/Shanghai', true, 1)");
}

Context StaffContext(TenantId tenant, const Clock& clock,
                     std::set<std::string, std::less<>> permissions) {
  auto info = std::make_shared<Tenant>();
  info->id = tenant;
  info->code = "t" + std::to_string(tenant);
  info->name = info->code;
  Principal principal;
  principal.kind = Principal::Kind::kStaff;
  principal.subject = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";
  principal.name = "Test Clerk";
  principal.permissions = std::move(permissions);
  return Context(std::move(info), std::move(principal), Uuid::V7(), Trace::New(),
                 SystemClock().Now() + std::chrono::seconds(30), clock);
}

}  // namespace karez::testing
