// Identity's own settings, beside those every service has.
#pragma once

#include <string>

#include "libs/config/config.h"

namespace karez::identity {

struct Config {
  std::string signing_key_file;         // Ed25519 private PEM: signs access tokens
  std::string bootstrap_password_file;  // only for the command `bootstrap`
};

Config ReadConfig(config::Reader& reader);

}  // namespace karez::identity
