#include "services/identity/domain/branch.h"

#include "services/identity/domain/text.h"

namespace karez::identity {

Result<Branch> NewBranch(std::string code, std::string name, const std::string& parent_text) {
  Branch branch{BranchId::New(), std::move(code), std::move(name), std::nullopt, 1};
  Violations bad;
  CheckCode(bad, "code", branch.code);
  CheckDisplayName(bad, "name", branch.name);
  if (!parent_text.empty()) {
    const auto parent = BranchId::Parse(parent_text);
    if (parent) {
      branch.parent = *parent;
    } else {
      bad.Add("parent_id", parent.error());
    }
  }
  RETURN_IF_ERROR(bad.Check());
  return branch;
}

}  // namespace karez::identity
