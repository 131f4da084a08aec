#include "libs/auth/keys.h"

#include <algorithm>
#include <array>

#include <openssl/pem.h>

#include "libs/base/assert.h"

namespace karez::auth {
namespace {

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kLongestIssuer = 64;

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

BioPtr Open(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

Result<KeyPtr> Accept(EVP_PKEY* raw, const char* kind) {
  KeyPtr key(raw, &EVP_PKEY_free);
  if (key == nullptr || EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519) {
    return Fail(Code::kInvalidArgument, "KEY_INVALID",
                std::string("Must be an Ed25519 ") + kind + " key in PEM form.");
  }
  return key;
}

const unsigned char* Data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

Result<KeyPtr> PrivateKeyFromPem(const std::string& pem) {
  const BioPtr bio = Open(pem);
  // An encrypted key is refused instead of asking a terminal for its password.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  return Accept(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr), "private");
}

Result<KeyPtr> PublicKeyFromPem(const std::string& pem) {
  const BioPtr bio = Open(pem);
  return Accept(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), "public");
}

std::string RawPublicKey(const KeyPtr& key) {
  std::array<unsigned char, 32> raw{};
  std::size_t size = raw.size();
  KAREZ_ASSERT(EVP_PKEY_get_raw_public_key(key.get(), raw.data(), &size) == 1);
  return {reinterpret_cast<const char*>(raw.data()), size};
}

std::string SignBytes(const KeyPtr& key, std::string_view bytes) {
  const DigestPtr digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  KAREZ_ASSERT(EVP_DigestSignInit(digest.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  KAREZ_ASSERT(EVP_DigestSign(digest.get(), signature.data(), &size, Data(bytes), bytes.size()) ==
               1);
  return {reinterpret_cast<const char*>(signature.data()), size};
}

bool SignatureHolds(const KeyPtr& key, std::string_view bytes, std::string_view signature) {
  if (signature.size() != kSignatureBytes) return false;
  const DigestPtr digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  KAREZ_ASSERT(EVP_DigestVerifyInit(digest.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  return EVP_DigestVerify(digest.get(), Data(signature), signature.size(), Data(bytes),
                          bytes.size()) == 1;
}

bool IsIssuerName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestIssuer &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace karez::auth
