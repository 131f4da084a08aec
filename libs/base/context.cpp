#include "libs/base/context.h"

#include <algorithm>
#include <charconv>

namespace karez {

std::string Tenant::Setting(std::string_view key, std::string_view fallback) const {
  const auto found = settings.find(std::string(key));
  return found == settings.end() ? std::string(fallback) : found->second;
}

std::int64_t Tenant::Setting(std::string_view key, std::int64_t fallback) const {
  const std::string text = Setting(key, "");
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty() ? value
                                                                                   : fallback;
}

bool Scope::Contains(const BranchId& branch) const {
  return all || std::find(branches.begin(), branches.end(), branch) != branches.end();
}

std::optional<std::vector<BranchId>> Scope::Limit() const {
  if (all) return std::nullopt;
  return branches;
}

}  // namespace karez
