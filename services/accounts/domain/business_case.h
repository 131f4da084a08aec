// A business case: what was done to an account, by whom and why. Written once. Values.
#pragma once

#include <string>
#include <string_view>

#include "libs/base/time.h"
#include "services/accounts/domain/ids.h"

namespace karez::accounts {

enum class CaseKind { kOpen, kClose, kBindMeter, kUnbindMeter, kChangeHousehold };

// "open", "close", "bind_meter", "unbind_meter", "change_household".
std::string_view Name(CaseKind kind);
// Of a name that Name() gave.
CaseKind CaseKindOf(std::string_view name);

struct BusinessCase {
  CaseId id;
  std::string number;
  CaseKind kind = CaseKind::kOpen;
  AccountId account_id;
  std::string staff_name;
  Instant time;
  std::string note;
  std::string change;  // in words of the field names: "household_size: 3 -> 5"
};

}  // namespace karez::accounts
