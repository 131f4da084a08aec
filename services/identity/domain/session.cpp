#include "services/identity/domain/session.h"

#include <charconv>

namespace karez::identity {
namespace {

constexpr std::size_t kSecretLength = 43;  // 32 bytes in base64url

}  // namespace

SessionRecord NewSession(StaffId staff, Instant now) {
  return {SessionId::New(), staff, now, now + kSessionLife, std::nullopt};
}

std::optional<RefreshToken> RefreshToken::Parse(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || text.size() - dot - 1 != kSecretLength) return std::nullopt;
  TenantId tenant = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + dot, tenant);
  if (error != std::errc() || end != text.data() + dot || tenant <= 0) return std::nullopt;
  return RefreshToken{tenant, std::string(text.substr(dot + 1))};
}

}  // namespace karez::identity
