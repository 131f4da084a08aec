// A branch (营业所) or area inside a utility: the unit of data scope. Values.
#pragma once

#include <optional>
#include <string>

#include "libs/base/context.h"
#include "libs/base/error.h"

namespace karez::identity {

struct Branch {
  BranchId id;
  std::string code;
  std::string name;
  std::optional<BranchId> parent;
  std::int64_t version = 1;
};

// `parent_text`: id of the branch above, empty for none. INVALID_ARGUMENT for each bad field.
Result<Branch> NewBranch(std::string code, std::string name, const std::string& parent_text);

}  // namespace karez::identity
