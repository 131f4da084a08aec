#include "libs/testing/catalogue.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <pqxx/pqxx>

namespace karez::testing {
namespace {

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Citus answers such an INSERT by COPY, which row security refuses, unless it has to return or
// compare rows.
bool IsRefusedByCitus(const std::string& sql) {
  static const std::regex kBatch(R"re(INSERT\s+INTO[\s\S]*\sSELECT\s[\s\S]*\bunnest\()re");
  static const std::regex kAnswer(R"re(\bRETURNING\b|\bON\s+CONFLICT\b)re");
  return std::regex_search(sql, kBatch) && !std::regex_search(sql, kAnswer);
}

}  // namespace

std::vector<std::string> CatalogueFaults(Database& database, const std::string& schema) {
  std::string rules =
      ReadAll(std::filesystem::path(KAREZ_SOURCE_DIR) / "libs/testing/catalogue.sql");
  for (auto at = rules.find("$schema"); at != std::string::npos; at = rules.find("$schema")) {
    rules.replace(at, 7, schema);
  }
  pqxx::connection connection(database.Url("postgres"));
  std::vector<std::string> faults;
  std::size_t begin = 0, checks = 0;
  for (auto end = rules.find(";\n"); end != std::string::npos; end = rules.find(";\n", begin)) {
    pqxx::nontransaction session(connection);
    for (const auto& row : session.exec(rules.substr(begin, end - begin))) {
      faults.push_back(row[0].as<std::string>());
    }
    begin = end + 2;
    ++checks;
  }
  if (checks == 0) faults.push_back("no rule found in libs/testing/catalogue.sql");
  return faults;
}

std::vector<std::string> StatementFaults(Database& database, const std::string& role,
                                         const std::vector<std::string>& directories) {
  static const std::regex kQuery(
      R"re(\bQuery\s+\w+\s*\{\s*"([^"]+)",\s*(?:R"sql\(([\s\S]*?)\)sql"|"((?:[^"\\]|\\.)*)"))re",
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
        const std::string sql = std::string((*it)[2]) + std::string((*it)[3]);
        if (!names.insert(name).second) faults.push_back(name + ": the name is used twice");
        if (IsRefusedByCitus(sql)) faults.push_back(name + ": needs RETURNING tenant_id for Citus");
        try {
          pqxx::nontransaction session(connection);
          session.exec("PREPARE \"" + name + "\" AS " + sql);
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
