#include "libs/auth/secrets.h"

#include <array>
#include <cstdint>
#include <vector>

#include <argon2.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "libs/base/assert.h"
#include "libs/base/bytes.h"

namespace karez::auth {
namespace {

// OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kPasswordHashBytes = 32;

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kSealMark = "s1.";  // the form of what follows, for changes to come

std::string RandomBytes(std::size_t count) {
  std::string out(count, '\0');
  KAREZ_ASSERT(
      RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) == 1);
  return out;
}

const unsigned char* Data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* Data(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int Size(std::string_view bytes) { return static_cast<int>(bytes.size()); }

// HKDF-SHA256 without salt: the installation's key is already uniform.
std::string DeriveKey(std::string_view key, const std::string& info) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> kdf(
      EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), &EVP_PKEY_CTX_free);
  std::string out(kKeyBytes, '\0');
  std::size_t size = out.size();
  const bool ok = EVP_PKEY_derive_init(kdf.get()) == 1 &&
                  EVP_PKEY_CTX_set_hkdf_md(kdf.get(), EVP_sha256()) == 1 &&
                  EVP_PKEY_CTX_set1_hkdf_key(kdf.get(), Data(key), Size(key)) == 1 &&
                  EVP_PKEY_CTX_add1_hkdf_info(kdf.get(), Data(info), Size(info)) == 1 &&
                  EVP_PKEY_derive(kdf.get(), Data(out), &size) == 1;
  KAREZ_ASSERT(ok);
  return out;
}

using CipherPtr = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;
CipherPtr NewCipher() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

class KeySealer final : public Sealer {
 public:
  explicit KeySealer(std::string key) : key_(std::move(key)) {}

  std::string Seal(TenantId tenant, std::string_view purpose,
                   std::string_view clear) const override {
    const std::string key = DeriveKey(key_, "karez seal " + std::to_string(tenant));
    const std::string nonce = RandomBytes(kNonceBytes);
    std::string cipher_text(clear.size(), '\0');
    std::string tag(kTagBytes, '\0');
    std::string rest(kTagBytes, '\0');  // GCM leaves nothing for the last step
    int size = 0;
    const CipherPtr cipher = NewCipher();
    const bool ok =
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Data(key), Data(nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &size, Data(purpose), Size(purpose)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), Data(cipher_text), &size, Data(clear), Size(clear)) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), Data(rest), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, Data(tag)) == 1;
    KAREZ_ASSERT(ok);
    return std::string(kSealMark) + ToBase64Url(nonce + cipher_text + tag);
  }

  Result<std::string> Open(TenantId tenant, std::string_view purpose,
                           std::string_view sealed) const override {
    const auto refuse = [] {
      return Fail(Code::kDataLoss, "SEAL_BROKEN",
                  "The sealed value was changed, or sealed for another use.");
    };
    if (!sealed.starts_with(kSealMark)) return refuse();
    const auto bytes = FromBase64Url(sealed.substr(kSealMark.size()));
    if (!bytes || bytes->size() < kNonceBytes + kTagBytes) return refuse();
    const std::string_view all = *bytes;
    const auto nonce = all.substr(0, kNonceBytes);
    const auto cipher_text = all.substr(kNonceBytes, all.size() - kNonceBytes - kTagBytes);
    std::string tag(all.substr(all.size() - kTagBytes));
    const std::string key = DeriveKey(key_, "karez seal " + std::to_string(tenant));
    std::string clear(cipher_text.size(), '\0');
    std::string rest(kTagBytes, '\0');
    int size = 0;
    const CipherPtr cipher = NewCipher();
    const bool ok =
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, Data(key), Data(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &size, Data(purpose), Size(purpose)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), Data(clear), &size, Data(cipher_text), Size(cipher_text)) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, Data(tag)) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), Data(rest), &size) == 1;
    if (!ok) return refuse();
    return clear;
  }

  std::string SearchHash(TenantId tenant, std::string_view purpose,
                         std::string_view clear) const override {
    const std::string key = DeriveKey(key_, "karez search " + std::to_string(tenant));
    std::string input(purpose);
    input += '\0';
    input += clear;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    unsigned int size = 0;
    KAREZ_ASSERT(HMAC(EVP_sha256(), key.data(), Size(key), Data(std::string_view(input)),
                      input.size(), digest.data(), &size) != nullptr);
    return ToHex({reinterpret_cast<const char*>(digest.data()), 16});
  }

 private:
  std::string key_;
};

}  // namespace

std::string HashPassword(std::string_view password) {
  const std::string salt = RandomBytes(16);
  std::vector<char> encoded(argon2_encodedlen(kPasses, kMemoryKib, kLanes,
                                              static_cast<std::uint32_t>(salt.size()),
                                              kPasswordHashBytes, Argon2_id));
  // Fails only without memory.
  KAREZ_ASSERT(argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, password.data(), password.size(),
                                     salt.data(), salt.size(), kPasswordHashBytes, encoded.data(),
                                     encoded.size()) == ARGON2_OK);
  return encoded.data();
}

bool CheckPassword(std::string_view password, const std::string& hash) {
  static const std::string nobodys = HashPassword(NewToken());
  const bool is_hash = hash.starts_with("$argon2id$");
  const std::string& against = is_hash ? hash : nobodys;
  return argon2id_verify(against.c_str(), password.data(), password.size()) == ARGON2_OK && is_hash;
}

std::string NewToken() { return ToBase64Url(RandomBytes(32)); }

std::string Sha256(std::string_view bytes) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  SHA256(Data(bytes), bytes.size(), Data(out));
  return out;
}

Result<std::shared_ptr<const Sealer>> Sealer::FromHexKey(const std::string& hex) {
  auto key = FromHex(hex);
  if (!key || key->size() != kKeyBytes) {
    return Fail(Code::kInvalidArgument, "SEALING_KEY_INVALID",
                "The sealing key must be 32 bytes in hexadecimal (64 digits).");
  }
  return std::make_shared<KeySealer>(*std::move(key));
}

}  // namespace karez::auth
