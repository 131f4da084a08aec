#include "libs/auth/tests/test_keys.h"

#include <fstream>
#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "libs/base/uuid.h"

namespace karez::auth {
namespace {

template <class Write>
std::string ToPem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), &BIO_free);
  write(bio.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

KeyPair ToPair(EVP_PKEY* raw) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(raw, &EVP_PKEY_free);
  return {ToPem([&](BIO* bio) {
            PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          ToPem([&](BIO* bio) { PEM_write_bio_PUBKEY(bio, key.get()); })};
}

}  // namespace

KeyPair NewKeyPair() { return ToPair(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
KeyPair NewEcKeyPair() { return ToPair(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

KeyFolder::KeyFolder()
    : path_(std::filesystem::temp_directory_path() / ("karez_keys_" + Uuid::V7().str())) {
  std::filesystem::create_directory(path_);
}

KeyFolder::~KeyFolder() {
  std::error_code ignored;  // a test folder that stays is no failure
  std::filesystem::remove_all(path_, ignored);
}

void KeyFolder::Put(const std::string& issuer, const std::string& pem) const {
  std::ofstream(path_ / (issuer + ".pem"), std::ios::binary) << pem;
}

void KeyFolder::Remove(const std::string& issuer) const {
  std::filesystem::remove(path_ / (issuer + ".pem"));
}

}  // namespace karez::auth
