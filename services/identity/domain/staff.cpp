#include "services/identity/domain/staff.h"

#include <algorithm>

namespace karez::identity {
namespace {

template <class IdType>
std::vector<IdType> ParseIds(Violations& bad, const std::string& field,
                             const std::vector<std::string>& texts) {
  std::vector<IdType> out;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto id = IdType::Parse(texts[i]);
    if (id) {
      out.push_back(*id);
    } else {
      bad.Add(field + "[" + std::to_string(i) + "]", id.error());
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

ParsedAssignment Parse(Violations& bad, const Assignment& assignment) {
  ParsedAssignment out;
  out.roles = ParseIds<RoleId>(bad, "role_ids", assignment.role_ids);
  out.scope.all = assignment.all_branches;
  out.scope.branches = ParseIds<BranchId>(bad, "branch_ids", assignment.branch_ids);
  if (out.scope.all && !assignment.branch_ids.empty()) {
    bad.Add("branch_ids", "Must be empty when all_branches is true.");
  }
  return out;
}

}  // namespace karez::identity
