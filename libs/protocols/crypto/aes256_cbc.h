// AES-256 in cipher block chaining, decryption without padding: OneNET's old platform. Over
// OpenSSL's libcrypto, which allocates its scratch.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "libs/protocols/crypto/aes128.h"
#include "libs/protocols/fixed.h"

namespace karez::protocols::crypto {

using Key256 = std::array<std::byte, 32>;

// in.size() is a multiple of 16; `out` has at least as many bytes and does not overlap it.
// Throws std::bad_alloc when libcrypto cannot allocate.
void DecryptAes256Cbc(const Key256& key, const Block& iv, Bytes in, std::span<std::byte> out);

}  // namespace karez::protocols::crypto
