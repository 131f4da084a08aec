// What must hold for every table and every statement of a service (design 4.1).
#pragma once

#include <string>
#include <vector>

#include "libs/testing/database.h"

namespace karez::testing {

// Faults of the schema: tables that were not declared, tenant tables whose keys do not begin with
// tenant_id, without forced row security or with grants beside the service's role, partitions that
// can be reached past their parent. Empty when all is well.
std::vector<std::string> CatalogueFaults(Database& database, const std::string& schema);

// Prepares, as the service's role, each `pg::Query` found in the sources below `directories` (from
// the project's root); returns what PostgreSQL refuses, with the query's name, and names used
// twice.
std::vector<std::string> StatementFaults(Database& database, const std::string& role,
                                         const std::vector<std::string>& directories);

}  // namespace karez::testing
