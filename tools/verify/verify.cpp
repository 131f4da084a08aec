#include "tools/verify/verify.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <thread>

namespace karez::verify {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};

// A probe with its statements named, as prepared statements must be.
struct NamedProbe {
  std::string table;
  std::string examined_name, examined;
  std::string first_name, first;
};

NamedProbe Named(const Check& check, std::size_t index) {
  const Probe& probe = check.probes[index];
  const std::string name = check.name + " " + std::to_string(index);
  return {probe.table, name + " examined", "SELECT (" + probe.examined + ") AS examined",
          name + " differences",
          "SELECT tenant_id, key, expected, found, count(*) OVER () AS differences FROM (" +
              probe.differences + ") d ORDER BY tenant_id, key LIMIT 1"};
}

std::string Grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3) {
    out.insert(static_cast<std::size_t>(at), ",");
  }
  return out;
}

bool Holds(const Verdict& verdict) { return verdict.findings.empty(); }

}  // namespace

Proof Prove(Check check) {
  auto probes = std::make_shared<std::vector<NamedProbe>>();
  for (std::size_t i = 0; i < check.probes.size(); ++i) probes->push_back(Named(check, i));
  return [name = check.name, probes](pg::Tx& tx) {
    Verdict out;
    out.name = name;
    const auto begin = std::chrono::steady_clock::now();
    for (const auto& probe : *probes) {
      const auto examined = tx.Exec(pg::Query{probe.examined_name.c_str(), probe.examined.c_str()});
      out.examined += examined.One().Get<std::int64_t>("examined");
      const auto rows = tx.Exec(pg::Query{probe.first_name.c_str(), probe.first.c_str()});
      if (rows.empty()) continue;
      const auto row = rows.One();
      out.findings.push_back({probe.table, row.Get<std::int64_t>("tenant_id"),
                              row.Get<std::string>("key"), row.Get<std::string>("expected"),
                              row.Get<std::string>("found"), row.Get<std::int64_t>("differences")});
    }
    out.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
    return out;
  };
}

std::vector<Verdict> Verify(pg::Pool& pool, const std::vector<Proof>& proofs,
                            std::chrono::milliseconds settle) {
  const auto until = std::chrono::steady_clock::now() + settle;
  for (;;) {
    std::vector<Verdict> verdicts;
    pool.RunTransaction({}, [&](pg::Tx& tx) {
      tx.Command("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      verdicts.clear();
      for (const auto& proof : proofs) verdicts.push_back(proof(tx));
      return false;
    });
    if (std::all_of(verdicts.begin(), verdicts.end(), Holds) ||
        std::chrono::steady_clock::now() + kBetweenLooks > until) {
      return verdicts;
    }
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

std::string Describe(const Verdict& verdict) {
  char line[160];
  std::snprintf(line, sizeof line, "%-5s %-52s %12s examined %7lld ms\n",
                Holds(verdict) ? "ok" : "FAIL", verdict.name.c_str(),
                Grouped(verdict.examined).c_str(), static_cast<long long>(verdict.took.count()));
  std::string out = line;
  for (const auto& finding : verdict.findings) {
    out += "      tenant " + std::to_string(finding.tenant) + ", " + finding.table + ", " +
           finding.key + ": expected " + finding.expected + ", found " + finding.found;
    if (finding.count > 1) out += " (the first of " + Grouped(finding.count) + ")";
    out += "\n";
  }
  return out;
}

}  // namespace karez::verify
