#include "libs/protocols/crypto/aes256_cbc.h"

#include <memory>
#include <new>

#include <openssl/evp.h>

namespace karez::protocols::crypto {
namespace {

struct Free {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const unsigned char* Raw(const std::byte* bytes) {
  return reinterpret_cast<const unsigned char*>(bytes);
}

}  // namespace

void DecryptAes256Cbc(const Key256& key, const Block& iv, Bytes in, std::span<std::byte> out) {
  const std::unique_ptr<EVP_CIPHER_CTX, Free> context(EVP_CIPHER_CTX_new());
  if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, Raw(key.data()),
                                     Raw(iv.data())) != 1) {
    throw std::bad_alloc();
  }
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  int written = 0;
  EVP_DecryptUpdate(context.get(), reinterpret_cast<unsigned char*>(out.data()), &written,
                    Raw(in.data()), static_cast<int>(in.size()));
}

}  // namespace karez::protocols::crypto
