#include "services/accounts/domain/business_case.h"

#include <array>

#include "libs/base/assert.h"

namespace karez::accounts {
namespace {

// In the order of CaseKind.
constexpr std::array<std::string_view, 5> kNames = {"open", "close", "bind_meter", "unbind_meter",
                                                    "change_household"};

}  // namespace

std::string_view Name(CaseKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

CaseKind CaseKindOf(std::string_view name) {
  std::size_t i = 0;
  while (i < kNames.size() && kNames[i] != name) ++i;
  KAREZ_ASSERT(i < kNames.size());
  return static_cast<CaseKind>(i);
}

}  // namespace karez::accounts
