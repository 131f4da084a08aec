// Proves invariants in one snapshot of the database, and again while events are still on their way.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libs/pg/pool.h"
#include "tools/verify/check.h"

namespace karez::verify {

// What is wrong, by its first example.
struct Finding {
  std::string table;
  std::int64_t tenant = 0;  // 0: of no tenant
  std::string key;
  std::string expected;
  std::string found;
  std::int64_t count = 0;  // of the same kind
};

struct Verdict {
  std::string name;
  std::int64_t examined = 0;
  std::chrono::milliseconds took{0};
  std::vector<Finding> findings;  // at most one for each probe
};

// Something that is proven inside a transaction.
using Proof = std::function<Verdict(pg::Tx&)>;

// A check as a proof.
Proof Prove(Check check);

// Runs all in one snapshot. While something is wrong and `settle` is not over it looks again in a
// new one, so that what is under way can arrive. Throws pg::Failure when the database is away.
std::vector<Verdict> Verify(pg::Pool& pool, const std::vector<Proof>& proofs,
                            std::chrono::milliseconds settle);

// "ok    ledger double entry   12,345 examined   34 ms", and a line for each finding.
std::string Describe(const Verdict& verdict);

}  // namespace karez::verify
