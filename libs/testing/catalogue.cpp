#include "libs/testing/catalogue.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <pqxx/pqxx>

namespace karez::testing {
namespace {

// Each statement selects one text per fault; $schema is replaced.
const char* const kCatalogueChecks[] = {
    R"sql(SELECT 'table ' || c.relname || ' is not declared by tenant_table or platform_table'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
             AND c.relname <> 'schema_migration'
             AND NOT EXISTS (SELECT FROM $schema.table_rule r WHERE r.table_name = c.relname))sql",
    R"sql(SELECT 'platform table ' || table_name || ' says no reason'
            FROM $schema.table_rule WHERE kind = 'platform' AND coalesce(reason, '') = '')sql",
    R"sql(SELECT 'tenant table ' || r.table_name || ' has no tenant_id integer NOT NULL'
            FROM $schema.table_rule r
           WHERE r.kind = 'tenant' AND NOT EXISTS (
                 SELECT FROM pg_attribute a
                  WHERE a.attrelid = ('$schema.' || quote_ident(r.table_name))::regclass
                    AND a.attname = 'tenant_id' AND a.atttypid = 'integer'::regtype
                    AND a.attnotnull))sql",
    R"sql(SELECT c.relname || ' does not force row security'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            JOIN $schema.table_rule r
              ON r.table_name = coalesce((SELECT relname FROM pg_class WHERE oid = i.inhparent),
                                         c.relname)
           WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND r.kind = 'tenant'
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity))sql",
    R"sql(SELECT c.relname || ' lacks the tenant policy'
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
            JOIN $schema.table_rule r
              ON r.table_name = coalesce((SELECT relname FROM pg_class WHERE oid = i.inhparent),
                                         c.relname)
           WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p') AND r.kind = 'tenant'
             AND NOT EXISTS (
                 SELECT FROM pg_policy p
                  WHERE p.polrelid = c.oid AND p.polname = 'tenant'
                    AND pg_get_expr(p.polqual, p.polrelid) LIKE '%NULLIF(current_setting(%app.tenant%'
                    AND pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid)))sql",
    R"sql(SELECT 'policy ' || p.polname || ' on ' || c.relname || ' lets the service past the tenant'
            FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = '$schema' AND p.polname <> 'tenant'
             AND NOT (c.relname = 'outbox' AND p.polname = 'relay'
                      AND p.polroles = ARRAY['karez_relay_$schema'::regrole::oid]))sql",
    R"sql(SELECT 'index ' || x.indexrelid::regclass || ' is unique and does not begin with tenant_id'
            FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN $schema.table_rule r ON r.table_name = c.relname AND r.kind = 'tenant'
           WHERE n.nspname = '$schema' AND x.indisunique
             AND (SELECT attname FROM pg_attribute
                   WHERE attrelid = c.oid AND attnum = x.indkey[0]) IS DISTINCT FROM 'tenant_id')sql",
    R"sql(SELECT 'table ' || r.table_name || ' has no primary key'
            FROM $schema.table_rule r
           WHERE NOT EXISTS (SELECT FROM pg_index x
                              WHERE x.indrelid = ('$schema.' || quote_ident(r.table_name))::regclass
                                AND x.indisprimary))sql",
    R"sql(SELECT 'foreign key ' || k.conname || ' of ' || c.relname || ' does not begin with tenant_id'
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = '$schema' AND k.contype = 'f'
             AND (SELECT attname FROM pg_attribute
                   WHERE attrelid = c.oid AND attnum = k.conkey[1]) IS DISTINCT FROM 'tenant_id')sql",
    R"sql(SELECT g.grantee || ' may ' || g.privilege_type || ' ' || g.table_name
            FROM information_schema.role_table_grants g
           WHERE g.table_schema = '$schema'
             AND NOT (g.grantee = 'karez_migrate'
                   OR (g.grantee = 'karez_verify' AND g.privilege_type = 'SELECT')
                   OR (g.grantee = 'karez_relay_$schema' AND g.table_name = 'outbox'
                       AND g.privilege_type IN ('SELECT', 'DELETE'))
                   OR (g.grantee = 'karez_$schema'
                       AND g.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
                       AND (g.table_name = 'schema_migration' OR EXISTS (
                            SELECT FROM $schema.table_rule r WHERE r.table_name = g.table_name)))))sql",
    R"sql(SELECT 'table ' || c.relname || ' belongs to ' || pg_get_userbyid(c.relowner)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = '$schema' AND c.relkind IN ('r', 'p')
             AND pg_get_userbyid(c.relowner) <> 'karez_migrate')sql",
    R"sql(SELECT 'role ' || rolname || ' is too mighty'
            FROM pg_roles WHERE rolname IN ('karez_$schema', 'karez_relay_$schema', 'karez_migrate')
             AND (rolsuper OR rolbypassrls OR rolcreaterole))sql",
};

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace

std::vector<std::string> CatalogueFaults(Database& database, const std::string& schema) {
  pqxx::connection connection(database.Url("postgres"));
  std::vector<std::string> faults;
  for (std::string sql : kCatalogueChecks) {
    for (auto at = sql.find("$schema"); at != std::string::npos; at = sql.find("$schema")) {
      sql.replace(at, 7, schema);
    }
    pqxx::nontransaction session(connection);
    for (const auto& row : session.exec(sql)) faults.push_back(row[0].as<std::string>());
  }
  return faults;
}

std::vector<std::string> StatementFaults(Database& database, const std::string& role,
                                         const std::vector<std::string>& directories) {
  static const std::regex kQuery(
      R"re(pg::Query\s+\w+\s*\{\s*"([^"]+)",\s*(?:R"sql\(([\s\S]*?)\)sql"|"((?:[^"\\]|\\.)*)"))re",
      std::regex::optimize);
  pqxx::connection connection(database.Url(role));
  std::vector<std::string> faults;
  std::set<std::string> names;
  for (const auto& directory : directories) {
    const auto root = std::filesystem::path(KAREZ_SOURCE_DIR) / directory;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".cpp") continue;
      const std::string text = ReadAll(entry.path());
      for (std::sregex_iterator it(text.begin(), text.end(), kQuery), end; it != end; ++it) {
        const std::string name = (*it)[1];
        if (!names.insert(name).second) faults.push_back(name + ": the name is used twice");
        try {
          pqxx::nontransaction session(connection);
          session.exec("PREPARE \"" + name + "\" AS " + std::string((*it)[2]) +
                       std::string((*it)[3]));
        } catch (const pqxx::sql_error& e) {
          faults.push_back(name + ": " + e.what());
        }
      }
    }
  }
  if (names.empty()) faults.push_back("no statement found: is the pattern still right?");
  return faults;
}

}  // namespace karez::testing
