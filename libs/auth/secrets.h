// Passwords and personal data at rest. Safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "libs/base/context.h"
#include "libs/base/error.h"

namespace karez::auth {

// argon2id in its standard text form; takes about 50 ms and 19 MiB by design.
std::string HashPassword(std::string_view password);
// Constant work: false for a wrong password and for a text that is no hash.
bool CheckPassword(std::string_view password, const std::string& hash);

// 32 random bytes as base64url, for refresh tokens; stored only as SHA-256.
std::string NewToken();
std::string Sha256(std::string_view bytes);  // 32 raw bytes

// Encrypts identity numbers, phones, bank accounts: AES-256-GCM under a key per tenant derived
// (HKDF) from the installation's sealing key; the purpose is authenticated, so that a sealed phone
// cannot be passed off as a sealed identity number.
class Sealer {
 public:
  // Hex of 32 bytes.
  static Result<std::shared_ptr<const Sealer>> FromHexKey(const std::string& hex);
  virtual ~Sealer() = default;
  virtual std::string Seal(TenantId tenant, std::string_view purpose,
                           std::string_view clear) const = 0;
  // DATA_LOSS when it was sealed for another tenant or purpose, or changed.
  virtual Result<std::string> Open(TenantId tenant, std::string_view purpose,
                                   std::string_view sealed) const = 0;
  // Keyed hash for exact search: equal texts of one tenant and purpose give equal 16 bytes in hex.
  virtual std::string SearchHash(TenantId tenant, std::string_view purpose,
                                 std::string_view clear) const = 0;
};

}  // namespace karez::auth
