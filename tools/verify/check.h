// An invariant and how it is proven from the database: statements that select what breaks it. A
// statement that selects nothing is the proof. Values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace karez::verify {

// One thing that must hold, of one table.
struct Probe {
  std::string table;
  // Selects one number: how many things are looked at.
  std::string examined;
  // Selects tenant_id, key, expected, found of everything that is wrong.
  std::string differences;
};

struct Check {
  std::string name;
  std::vector<Probe> probes;
};

// Ledger, bills, open amounts, balances, payments.
std::vector<Check> BillingChecks();
// Frames, bytes, readings, settlement.
std::vector<Check> MeteringChecks();
// What services keep of each other's facts is what the owners have, with its version.
std::vector<Check> ProjectionChecks();
// Nothing is on its way or parked; numbers people see are given once.
std::vector<Check> DeliveryChecks();
// No audit record was changed, added or taken out behind identity's back.
std::vector<Check> AuditChecks();

}  // namespace karez::verify
