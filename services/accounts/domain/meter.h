// A meter as metering tells of it. Value.
#pragma once

#include <string>

#include "libs/base/context.h"
#include "services/accounts/domain/ids.h"

namespace karez::accounts {

struct Meter {
  MeterId id;
  std::string number;  // on its plate
  BranchId branch_id;
  bool active = true;  // false when it was taken out of service
  std::int64_t version = 0;
};

}  // namespace karez::accounts
