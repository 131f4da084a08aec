// A new pair of tokens for a refresh token; and the end of a session.
#pragma once

#include "services/identity/usecases/session_start.h"

namespace karez::identity::usecases {

// UNAUTHENTICATED "REFRESH_TOKEN_INVALID". A token that was used before ends its session, since one
// of the two who hold it is a thief.
Result<SignedIn> RefreshSession(const SessionTools& tools, const Context& context,
                                const std::string& refresh_token);

// Ends the caller's session. FAILED_PRECONDITION "NO_SESSION" for a service.
Result<void> SignOut(pg::Tx& tx, const Context& context);

}  // namespace karez::identity::usecases
