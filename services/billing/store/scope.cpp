#include "services/billing/store/scope.h"

namespace karez::billing::store {

std::optional<std::string> Branches(const Context& context) {
  if (context.scope().all) return std::nullopt;
  std::string out = "{";
  for (const auto& branch : context.scope().branches) {
    if (out.size() > 1) out += ',';
    out += branch.str();
  }
  return out + "}";
}

}  // namespace karez::billing::store
