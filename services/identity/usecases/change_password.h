// A member of staff sets a new password.
#pragma once

#include "services/identity/usecases/session_start.h"

namespace karez::identity::usecases {

// Ends the caller's other sessions. UNAUTHENTICATED "INVALID_CREDENTIALS" for a wrong old password,
// counted like a wrong one at sign-in; INVALID_ARGUMENT for a new one that is too short or the old.
Result<void> ChangePassword(const SessionTools& tools, const Context& context,
                            const std::string& old_password, const std::string& new_password);

}  // namespace karez::identity::usecases
