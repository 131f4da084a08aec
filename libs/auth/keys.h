// OpenSSL's Ed25519 keys with owners. Inside libs/auth only. Values; safe from any thread once
// made.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <openssl/evp.h>

#include "libs/base/error.h"

namespace karez::auth {

using KeyPtr = std::shared_ptr<EVP_PKEY>;

// INVALID_ARGUMENT unless the PEM holds an Ed25519 key of that kind.
Result<KeyPtr> PrivateKeyFromPem(const std::string& pem);
Result<KeyPtr> PublicKeyFromPem(const std::string& pem);
// The 32 bytes of a public key.
std::string RawPublicKey(const KeyPtr& key);

std::string SignBytes(const KeyPtr& key, std::string_view bytes);
bool SignatureHolds(const KeyPtr& key, std::string_view bytes, std::string_view signature);

// Who may be an issuer, and so part of a file name: a-z, 0-9 and '-', 64 at most.
bool IsIssuerName(std::string_view text);

}  // namespace karez::auth
