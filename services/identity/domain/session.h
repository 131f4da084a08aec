// A sign-in and the tokens that keep it going. Values.
#pragma once

#include <optional>
#include <string>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "services/identity/domain/staff.h"

namespace karez::identity {

using SessionId = Id<struct SessionTag>;

inline constexpr std::chrono::seconds kAccessTokenLife = std::chrono::minutes(5);
// A refresh token that is not used for this long ends the session by itself …
inline constexpr std::chrono::seconds kRefreshTokenLife = std::chrono::hours(12);
// … and nobody stays signed in for longer than this.
inline constexpr std::chrono::seconds kSessionLife = std::chrono::hours(7 * 24);

struct SessionRecord {
  SessionId id;
  StaffId staff;
  Instant created_at;
  Instant expires_at;
  std::optional<Instant> revoked_at;

  bool Usable(Instant now) const { return !revoked_at && now < expires_at; }
};

SessionRecord NewSession(StaffId staff, Instant now);

// "<tenant>.<secret>": the tenant's rows can only be looked at once the tenant is known.
struct RefreshToken {
  TenantId tenant = 0;
  std::string secret;

  std::string str() const { return std::to_string(tenant) + "." + secret; }
  // Nothing for a text that is none of ours.
  static std::optional<RefreshToken> Parse(std::string_view text);
};

}  // namespace karez::identity
