// The JSON inside a token. Inside libs/auth only: alone knows the JSON library. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "libs/auth/token.h"

namespace karez::auth {

std::string HeaderJson(const std::string& issuer);
std::string ClaimsJson(const Claims& claims);

// The issuer named by a header that says exactly {"alg":"EdDSA","kid":…,"typ":"JWT"}, in any order.
Result<std::string> ParseHeader(std::string_view json);
// Every claim must be there once, with the right type, and nothing else.
Result<Claims> ParseClaims(std::string_view json);

tl::unexpected<Error> RefuseMalformed();

}  // namespace karez::auth
