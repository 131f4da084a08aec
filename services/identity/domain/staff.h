// A member of staff: who signs in, with which roles, for which branches. Values.
#pragma once

#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "services/identity/domain/role.h"

namespace karez::identity {

using StaffId = Id<struct StaffTag>;

struct Staff {
  StaffId id;
  std::string name;  // for signing in, unique in the tenant
  std::string display_name;
  std::string password_hash;
  bool active = true;
  std::vector<RoleId> roles;
  Scope scope;
  std::int64_t version = 1;
  Instant created_at;
};

// What a request says about roles and branches, as texts.
struct Assignment {
  std::vector<std::string> role_ids;
  bool all_branches = false;
  std::vector<std::string> branch_ids;
};

struct ParsedAssignment {
  std::vector<RoleId> roles;  // sorted, each once
  Scope scope;
};

// Adds one violation per bad id, and one when branches are listed beside all_branches.
ParsedAssignment Parse(Violations& bad, const Assignment& assignment);

}  // namespace karez::identity
