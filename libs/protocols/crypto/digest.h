// Digests and message authentication codes of the platforms' signatures, over OpenSSL's libcrypto.
// Pure functions, safe from any thread; libcrypto allocates its scratch, so none of these belongs
// into a decode path without a signature.
#pragma once

#include <array>
#include <cstddef>

#include "libs/protocols/fixed.h"

namespace karez::protocols::crypto {

using Md5Digest = std::array<std::byte, 16>;
using Sha1Digest = std::array<std::byte, 20>;
using Sha256Digest = std::array<std::byte, 32>;

Md5Digest Md5(Bytes message);
Sha1Digest Sha1(Bytes message);
Sha256Digest Sha256(Bytes message);
Md5Digest HmacMd5(Bytes key, Bytes message);
Sha1Digest HmacSha1(Bytes key, Bytes message);
Sha256Digest HmacSha256(Bytes key, Bytes message);

// Whether two secrets are the same, in a time that does not depend on where they differ.
bool SameSecret(Bytes a, Bytes b);

}  // namespace karez::protocols::crypto
