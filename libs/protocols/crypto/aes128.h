// AES-128 and the modes that meter networks use, over OpenSSL's libcrypto: LoRaWAN (ECB, CTR,
// CMAC), wireless M-Bus (CBC, CTR, CMAC), FIPS 197, NIST SP 800-38A/B, RFC 4493.
//
// The key schedule is made once, by the constructor; no use of the object allocates. An object
// holds scratch of libcrypto: it is used by one thread at a time. Keep one per key and thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "libs/protocols/fixed.h"

struct evp_cipher_ctx_st;  // of libcrypto; the only names of OpenSSL outside crypto/*.cpp

namespace karez::protocols::crypto {

inline constexpr size_t kBlockSize = 16;
using Block = std::array<std::byte, kBlockSize>;
using Key128 = Block;

class Aes128 {
 public:
  // Allocates; throws std::bad_alloc when libcrypto cannot.
  explicit Aes128(const Key128& key);
  Aes128(Aes128&&) noexcept;
  Aes128& operator=(Aes128&&) noexcept;
  ~Aes128();

  Block Encrypt(const Block& in);
  Block Decrypt(const Block& in);

  // Everything below: `out` has at least in.size() bytes and either is `in` or does not overlap it.

  // Whole blocks one by one (ECB); in.size() is a multiple of 16.
  void EncryptBlocks(Bytes in, std::span<std::byte> out);
  void DecryptBlocks(Bytes in, std::span<std::byte> out);

  // Counter mode, both directions. `counter` is the first counter block; its last four bytes, as a
  // big-endian number, go up by one a block.
  void Ctr(Block counter, Bytes in, std::span<std::byte> out);

  // Cipher block chaining; in.size() is a multiple of 16, no padding.
  void EncryptCbc(const Block& iv, Bytes in, std::span<std::byte> out);
  void DecryptCbc(const Block& iv, Bytes in, std::span<std::byte> out);

  // CMAC of `head` followed by `message`. `head` is whole blocks (LoRaWAN's B0) or empty.
  Block Cmac(Bytes message) { return Cmac({}, message); }
  Block Cmac(Bytes head, Bytes message);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_cipher_ctx_st, Free>;

  Context encrypt_;
  Context decrypt_;
  Block subkey_whole_{};    // CMAC's K1, for a last block that is whole
  Block subkey_partial_{};  // CMAC's K2
};

}  // namespace karez::protocols::crypto
