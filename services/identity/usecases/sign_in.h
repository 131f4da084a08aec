// Signing in with tenant code, name and password.
#pragma once

#include "services/identity/usecases/session_start.h"

namespace karez::identity::usecases {

struct Credentials {
  std::string tenant_code;
  std::string staff_name;
  std::string password;
};

// UNAUTHENTICATED "INVALID_CREDENTIALS", one and the same for an unknown utility, an unknown name,
// a wrong password, a disabled or a locked one: the work done is the same too.
Result<SignedIn> SignIn(const SessionTools& tools, const Context& context,
                        const Credentials& given);

// Counts wrong passwords under the name, whether it exists or not.
std::string GuardKey(const std::string& tenant_code, const std::string& staff_name);
tl::unexpected<Error> RefuseCredentials();

}  // namespace karez::identity::usecases
