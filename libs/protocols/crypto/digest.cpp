#include "libs/protocols/crypto/digest.h"

#include <new>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace karez::protocols::crypto {
namespace {

const unsigned char* Raw(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// libcrypto looks a digest up by name at each use unless it is fetched once.
const EVP_MD* Fetch(const char* name) {
  const EVP_MD* found = EVP_MD_fetch(nullptr, name, nullptr);
  if (found == nullptr) throw std::bad_alloc();
  return found;
}
const EVP_MD* FetchedMd5() {
  static const EVP_MD* const digest = Fetch("MD5");
  return digest;
}
const EVP_MD* FetchedSha1() {
  static const EVP_MD* const digest = Fetch("SHA1");
  return digest;
}
const EVP_MD* FetchedSha256() {
  static const EVP_MD* const digest = Fetch("SHA256");
  return digest;
}

template <class Digest>
Digest Hash(const EVP_MD* algorithm, Bytes message) {
  Digest out;
  if (EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(out.data()),
                 nullptr, algorithm, nullptr) != 1) {
    throw std::bad_alloc();
  }
  return out;
}

template <class Digest>
Digest Authenticate(const EVP_MD* algorithm, Bytes key, Bytes message) {
  Digest out;
  // HMAC() takes a null key for "the one before".
  const unsigned char none = 0;
  const unsigned char* secret = key.empty() ? &none : Raw(key);
  if (HMAC(algorithm, secret, static_cast<int>(key.size()), Raw(message), message.size(),
           reinterpret_cast<unsigned char*>(out.data()), nullptr) == nullptr) {
    throw std::bad_alloc();
  }
  return out;
}

}  // namespace

Md5Digest Md5(Bytes message) { return Hash<Md5Digest>(FetchedMd5(), message); }
Sha1Digest Sha1(Bytes message) { return Hash<Sha1Digest>(FetchedSha1(), message); }
Sha256Digest Sha256(Bytes message) { return Hash<Sha256Digest>(FetchedSha256(), message); }

Md5Digest HmacMd5(Bytes key, Bytes message) {
  return Authenticate<Md5Digest>(FetchedMd5(), key, message);
}
Sha1Digest HmacSha1(Bytes key, Bytes message) {
  return Authenticate<Sha1Digest>(FetchedSha1(), key, message);
}
Sha256Digest HmacSha256(Bytes key, Bytes message) {
  return Authenticate<Sha256Digest>(FetchedSha256(), key, message);
}

bool SameSecret(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace karez::protocols::crypto
